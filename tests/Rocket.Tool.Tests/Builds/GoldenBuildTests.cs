using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;

namespace Rocket.Tool.Tests.Builds;

/// <summary>Every golden model through the whole pipeline.</summary>
public sealed class GoldenBuildTests
{
    private const string TieKey = "tie_word_embeddings";
    private const string Head = "lm_head.weight";

    private static readonly string[] Uncompressed = [Head, "embed_tokens.weight", ".gate.weight"];

    public static TheoryData<string> Models { get; } = [.. GoldenProject.Models];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task An_artifact_and_its_dense_export_have_one_loss_and_the_export_the_layout_of_the_source(string name)
    {
        string source = GoldenProject.Source(name);
        using var project = new GoldenProject(source);
        JsonNode budget = (await project.BuildAsync())["budgets"]![0]!;
        Assert.True((double)budget["removedShare"]! >= 0.3);

        // Names and shapes: the types are those of --dtype.
        Assert.Equal(Tensors(source).Select(Layout), Tensors(project.DenseExport).Select(Layout));
        Assert.All(Tensors(project.DenseExport), tensor => Assert.Equal(TensorType.F32, tensor.Type));

        double artifact = await project.EvaluateAsync(project.Artifact);
        Assert.Equal((double)budget["texts"]![0]!["nll"]!, artifact, 1e-9);
        Assert.Equal(artifact, await project.EvaluateAsync(project.DenseExport), 1e-4);
        AssertKept(source, project);
        JsonObject inspected = await project.InspectAsync();
        Assert.Equal((long)budget["bytes"]!, (long)inspected["bytes"]!);
    }

    // What is tied stays tied, and what is not compressed stays as it was.
    private static void AssertKept(string source, GoldenProject project)
    {
        bool hasHead = Tensors(source).Any(tensor => tensor.Name == Head);
        foreach (string model in (string[])[project.Artifact, project.DenseExport])
        {
            Assert.Equal(hasHead, Tensors(model).Any(tensor => tensor.Name == Head));
            Assert.Equal(Config(source)[TieKey]?.ToJsonString(), Config(model)[TieKey]?.ToJsonString());
        }

        TensorInfo[] kept = [.. Tensors(source).Where(tensor => tensor.Shape.Length == 1 || Uncompressed.Any(part => tensor.Name.Contains(part, StringComparison.Ordinal)))];
        Assert.NotEmpty(kept);
        using Checkpoint before = Checkpoint.Open(source);
        using Checkpoint after = Checkpoint.Open(project.Artifact);
        Assert.All(kept, tensor => Assert.True(before.Get(tensor.Name).Bytes.SequenceEqual(after.Get(tensor.Name).Bytes), tensor.Name));
    }

    private static JsonNode Config(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!;

    private static string Layout(TensorInfo tensor) => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]";

    private static TensorInfo[] Tensors(string folder)
    {
        using Checkpoint checkpoint = Checkpoint.Open(folder);
        return [.. checkpoint.Tensors];
    }
}
