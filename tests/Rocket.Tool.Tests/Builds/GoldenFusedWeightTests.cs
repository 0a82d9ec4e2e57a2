using System.Text.Json.Nodes;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;

namespace Rocket.Tool.Tests.Builds;

/// <summary>Fused weights, compressed as one and as the linears that they hold.</summary>
public sealed class GoldenFusedWeightTests
{
    // One share for all: a weight taken as one chooses its entries over all rows, and so loses less than its parts.
    private const string OneShare = "shares: { from: 0.31, to: 0.31, step: 0.1 }";

    private const string TwoShares = "shares: { from: 0.31, to: 0.62, step: 0.31 }";

    // It strikes nothing out, but is about parts alone.
    private const string Parts = "{ linears: [ \"*.qkv_proj.*\", \"*.gate_up_proj.*\" ], maxCost: 1000000 }";

    public static TheoryData<string> Models { get; } = [.. GoldenProject.Models.Where(name => Fused(name).Length > 0)];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Taken_as_one_they_lose_less_than_by_one_share_for_every_part(string name)
    {
        using var free = new GoldenProject(GoldenProject.Source(name), OneShare);
        using var forced = new GoldenProject(GoldenProject.Source(name), OneShare, Parts);
        JsonNode asOne = await BuiltAsync(name, free);
        JsonNode asParts = await BuiltAsync(name, forced);
        FusedWeight[] fused = Fused(name);
        Assert.Contains(Names(asOne), key => fused.Any(weight => weight.Whole.Key == key));
        Assert.Equal(fused.SelectMany(weight => weight.Parts).Select(part => part.Key).Order(), Names(asParts).Where(key => fused.Any(weight => key.StartsWith(weight.Whole.Key, StringComparison.Ordinal))).Order());
        Assert.True((bool)asOne["proven"]! && (bool)asParts["proven"]!);
        Assert.True((double)asOne["cost"]! < (double)asParts["cost"]!);
        Assert.Equal((long)asParts["denseParameters"]!, (long)asOne["denseParameters"]!);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_constraint_on_a_part_leaves_its_weight_in_parts_and_the_others_free(string name)
    {
        FusedWeight first = Fused(name)[0];
        using var project = new GoldenProject(GoldenProject.Source(name), TwoShares, $"{{ linears: \"{first.Parts[0].Key}\", keep: dense }}");
        string[] names = Names(await BuiltAsync(name, project));
        Assert.DoesNotContain(first.Whole.Key, names);
        Assert.All(first.Parts, part => Assert.Contains(part.Key, names));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_constraint_on_the_weight_holds_for_it_and_for_its_parts(string name)
    {
        using var project = new GoldenProject(GoldenProject.Source(name), TwoShares, "{ linears: \"*.qkv_proj\", keep: dense }");
        JsonNode plan = await BuiltAsync(name, project);
        JsonNode[] found = [.. plan["linears"]!.AsArray().Where(linear => ((string)linear!["name"]!).Contains("qkv_proj", StringComparison.Ordinal)).Select(linear => linear!)];
        Assert.NotEmpty(found);
        Assert.All(found, linear => Assert.Equal("dense", (string)linear["form"]!));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_limit_on_bytes_is_met_by_as_many_bytes_as_were_foretold(string name)
    {
        using Checkpoint checkpoint = Checkpoint.Open(GoldenProject.Source(name));
        long limit = checkpoint.Files.Sum(file => new FileInfo(file).Length) * 4 / 5;
        using var project = new GoldenProject(GoldenProject.Source(name), "shares: { from: 0.11, to: 0.71, step: 0.1 }", limit: $"bytes: {limit}B");
        JsonNode plan = await project.PlanAsync();
        JsonNode budget = (await project.BuildAsync())["budgets"]![0]!;
        Assert.Equal((long)plan["bytes"]!, (long)budget["bytes"]!);
        Assert.InRange((long)budget["bytes"]!, limit * 9 / 10, limit);
    }

    // Every reader of an artifact: both runtimes, inspect, the dense export and the Python file.
    private static async Task<JsonNode> BuiltAsync(string name, GoldenProject project)
    {
        await project.BuildAsync();
        await project.InspectAsync();
        double nll = await project.EvaluateAsync(project.Artifact);
        Assert.Equal(nll, await project.EvaluateAsync(project.Artifact, "inference"), 1e-4);
        Assert.Equal(nll, await project.EvaluateAsync(project.DenseExport), 1e-4);
        AssertPython(name, project.Artifact);
        JsonNode plan = JsonNode.Parse(File.ReadAllText(Path.Combine(project.Artifact, "rocket.json")))!["plan"]!;
        Assert.True((double)plan["removedShare"]! >= 0.3);
        Assert.Equal((double)plan["cost"]!, (double)plan["realisedCost"]!, 1e-6);
        return plan;
    }

    private static void AssertPython(string name, string artifact)
    {
        PythonArtifact.AssertShapes(artifact);
        FusedWeight[] fused = Fused(name);
        Dictionary<string, string> put = PythonArtifact.Replacements(artifact, Spec(name).Blocks.SelectMany(block => block.Linears).Select(linear => linear.Name).Distinct());
        JsonObject factored = JsonNode.Parse(File.ReadAllText(Path.Combine(artifact, "config.json")))!["rocket"]!["linears"]!.AsObject();
        using Checkpoint checkpoint = Checkpoint.Open(artifact);
        foreach (FusedWeight weight in fused)
        {
            string? expected = factored.ContainsKey(weight.Whole.Key) ? $"factored {weight.Whole.DOut}"
                : checkpoint.Contains(weight.Whole.Tensor) ? null
                : string.Join(", ", weight.Parts.Select(part => $"{(factored.ContainsKey(part.Key) ? "factored" : "dense")} {part.DOut}"));
            Assert.Equal(expected, put.GetValueOrDefault(weight.Whole.Key));
        }
    }

    private static string[] Names(JsonNode plan) => [.. plan["linears"]!.AsArray().Select(linear => (string)linear!["name"]!)];

    private static FusedWeight[] Fused(string name) => [.. Spec(name).Blocks.SelectMany(block => block.FusedWeights)];

    private static DecoderSpec Spec(string name) => Architecture.Read(Path.Combine(GoldenProject.Source(name), "config.json"));
}
