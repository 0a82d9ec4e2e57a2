using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>modeling_rocket.py as far as it can be tested without PyTorch: it compiles, and it expects the tensors that the artifact holds.</summary>
public sealed class PythonModelTests(BuiltStories built)
{
    [Fact]
    public void It_compiles()
    {
        using var folder = new TemporaryFolder();
        string copy = folder.At("modeling_rocket.py");
        File.Copy(Path.Combine(built.Artifact, "modeling_rocket.py"), copy);
        PythonArtifact.Run("-W", "error", "-m", "py_compile", copy);
    }

    [Fact]
    public void It_expects_the_names_and_shapes_of_the_artifacts_factors() => PythonArtifact.AssertShapes(built.Artifact);
}
