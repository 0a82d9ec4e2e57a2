using System.Text.Json.Nodes;

namespace Rocket.Tool.Tests.Builds;

/// <summary>A mixture of experts one of which no token reaches.</summary>
public sealed class GoldenStarvedExpertTests
{
    public static TheoryData<string> Models { get; } =
        [.. GoldenProject.Models.Where(name => (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(GoldenProject.Source(name), "config.json")))!["model_type"] == "qwen3_moe")];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task It_stays_dense_and_is_named_and_the_artifact_is_sound(string name)
    {
        using var folder = new TemporaryFolder();
        string[] starved = StarvedModel.Create(GoldenProject.Source(name), folder.At("model"));
        using var project = new GoldenProject(folder.At("model"));
        JsonNode report = await project.BuildAsync();
        Assert.Equal(starved, report["experts"]!["unreached"]!.AsArray().Select(expert => (string)expert!));

        JsonNode[] linears = [.. Provenance(project)["plan"]!["linears"]!.AsArray().Select(linear => linear!)];
        JsonNode[] unreached = [.. linears.Where(linear => starved.Any(expert => ((string)linear["name"]!).StartsWith(expert + ".", StringComparison.Ordinal)))];
        Assert.Equal(3 * starved.Length, unreached.Length);
        Assert.All(unreached, linear => Assert.Equal(("dense", 0L), ((string)linear["form"]!, (long)linear["tokens"]!)));
        Assert.All(linears.Except(unreached), linear => Assert.NotEqual<long?>(0, (long?)linear["tokens"]));
        Assert.Contains("saw no token", File.ReadAllText(Path.Combine(project.Artifact, "README.md")), StringComparison.Ordinal);

        await project.InspectAsync();
        double nll = await project.EvaluateAsync(project.Artifact);
        Assert.True(double.IsFinite(nll), $"{nll}");
        Assert.Equal(nll, await project.EvaluateAsync(project.DenseExport), 1e-4);
    }

    private static JsonNode Provenance(GoldenProject project) => JsonNode.Parse(File.ReadAllText(Path.Combine(project.Artifact, "rocket.json")))!;
}
