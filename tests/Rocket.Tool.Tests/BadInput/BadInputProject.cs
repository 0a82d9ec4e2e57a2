using Rocket.Tool.Tests.Builds;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.BadInput;

/// <summary>A project with an artifact from a good build, on which a bad build must leave no trace.</summary>
internal sealed class BadInputProject : IDisposable
{
    private readonly string[] _before;

    public BadInputProject(BuiltStories built)
    {
        BuildTests.CopyFolder(built.Artifact, Artifact);
        _before = FolderSnapshot.WithTimes(Artifact);
    }

    public TemporaryFolder Folder { get; } = new();

    public string Artifact => Folder.At("out", Stories.Name, "r30");

    /// <summary>Builds and expects one coded error, its place and no trace on the artifact.</summary>
    /// <param name="prefix">What the line begins with: the place, and the code.</param>
    /// <param name="options">Options of the build.</param>
    public void AssertRefused(string prefix, params string[] options)
    {
        ToolResult result = RocketTool.Run(Folder.Path, Folder.At("cache"), ["build", "--verbosity", "quiet", .. options]);
        Assert.True(result.ExitCode == 1, $"exit code {result.ExitCode}: {result.Error}");
        string line = Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.StartsWith(prefix, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', line);
        Assert.Empty(result.Output);
        AssertUntouched();
    }

    /// <summary>The artifact is there, byte for byte and second for second.</summary>
    public void AssertUntouched()
    {
        Assert.Equal(_before, FolderSnapshot.WithTimes(Artifact));
        Assert.Single(Directory.GetFileSystemEntries(Folder.At("out", Stories.Name)));
    }

    public void Dispose() => Folder.Dispose();
}
