using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>Budgets of bits: every form and width in one knapsack.</summary>
public sealed class QuantizedBuildTests
{
    private static readonly string[] Uniform = ["forms: [ dense ]", "valueBits: [ 4 ]", "valueGroups: [ 64 ]"];

    public static TheoryData<string> Models { get; } = [.. GoldenProject.Models];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task An_artifact_of_codes_and_its_dense_export_have_one_loss(string name)
    {
        using var project = new GoldenProject(GoldenProject.Source(name), limit: Limit(name), keys: "forms: [ sparse, dictionary ]\n    include: [ embeddings, head ]");
        JsonNode budget = (await project.BuildAsync())["budgets"]![0]!;
        double artifact = await project.EvaluateAsync(project.Artifact);
        Assert.Equal((double)budget["texts"]![0]!["nll"]!, artifact, 1e-9);
        Assert.Equal(artifact, await project.EvaluateAsync(project.DenseExport), 1e-4);
        Assert.Equal(artifact, await project.EvaluateAsync(project.Artifact, "inference"), 1e-4);
        PythonArtifact.AssertShapes(project.Artifact);
        Assert.Contains(RocketSection.TryRead(Path.Combine(project.Artifact, "config.json"))!.Linears.Values, linear => linear.Quantization is not null);
        JsonObject inspected = await project.InspectAsync();
        Assert.Equal((long)budget["bytes"]!, (long)inspected["bytes"]!);
        Assert.Empty(inspected["problems"]!.AsArray());
    }

    [Fact]
    public void The_knapsack_of_all_widths_loses_less_than_four_bits_everywhere_and_fewer_bits_lose_more()
    {
        using var folder = new TemporaryFolder();
        JsonArray uniform = Build(folder, "uniform", Uniform, [4.33]);
        JsonArray all = Build(folder, "all", [], [8, 5, 4.33, 3.6]);

        Assert.All(RocketSection.TryRead(folder.At("uniform", Stories.Name, "b4.33", "config.json"))!.Linears.Values, linear => Assert.Equal(new Quantization(4, 64), linear.Quantization));
        double[] rises = [.. all.Select(Rise)];
        Assert.Equal(rises.Order(), rises);
        Assert.True(rises[2] < Rise(uniform[0]), $"{rises[2]} nats, 4 bits everywhere {Rise(uniform[0])}");
        foreach ((JsonNode? budget, double bits) in all.Zip([8, 5, 4.33, 3.6]))
        {
            Assert.InRange(BitsPerWeight(folder.At("all", Stories.Name, (string)budget!["name"]!)), 0.97 * bits, bits);
        }
    }

    [Fact]
    public void Any_number_of_threads_makes_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        Write(folder, [], [4]);
        foreach (string threads in (string[])["1", "2"])
        {
            ToolResult result = RocketTool.Run(folder.Path, folder.At($"cache{threads}"), "build", "--output", $"out{threads}", "--threads", threads, "--verbosity", "quiet");
            Assert.True(result.ExitCode == 0, result.Error);
        }

        Assert.Equal(FolderSnapshot.Of(folder.At("out1", Stories.Name, "b4")), FolderSnapshot.Of(folder.At("out2", Stories.Name, "b4")));
    }

    [Fact]
    public void A_third_of_the_bytes_is_met_with_embedding_and_head_and_loses_little()
    {
        using var folder = new TemporaryFolder();
        long dense = new FileInfo(Path.Combine(Stories.Source, "model.safetensors")).Length;
        Write(folder, ["include: [ embeddings, head ]"], $"{{ name: third, bytes: {dense / 3} }}");
        JsonNode budget = RocketTool.RunJson(folder.Path, folder.At("cache"), "build", "--output", "out")["models"]![0]!["budgets"]![0]!;
        Assert.InRange((long)budget["bytes"]!, dense * 0.32, dense / 3.0);
        Assert.Equal(1, RocketSection.TryRead(folder.At("out", Stories.Name, "third", "config.json"))!.Linears.Count(linear => linear.Key == "model.embed_tokens"));
        Assert.InRange(Rise(budget), -0.01, 0.05);
        double predicted = (double)budget["cost"]!;
        Assert.InRange(Rise(budget), (0.3 * predicted) - 0.003, (3 * predicted) + 0.003);
    }

    [Fact]
    public void A_curve_runs_from_three_bits_to_the_sources_own()
    {
        using var folder = new TemporaryFolder();
        Write(folder, [], [4]);
        JsonArray curve = RocketTool.RunJson(folder.Path, folder.At("cache"), "plan", "--what-if", "3..32", "--step", "1")["models"]![0]!["curve"]!.AsArray();
        Assert.Equal(30, curve.Count);
        Assert.Equal(3, (double)curve[0]!["bitsPerWeight"]!);
        double[] costs = [.. curve.Select(point => (double)point!["cost"]!)];
        Assert.Equal(costs.OrderDescending(), costs);
        Assert.Equal(0, costs[^1]);
    }

    [Fact]
    public void A_budget_of_parameters_knows_no_codes()
    {
        using var folder = new TemporaryFolder();
        Stories.WriteManifest(folder, [30]);
        Assert.Equal(0, RocketTool.Run(folder.Path, folder.At("cache"), "build", "--output", "out", "--verbosity", "quiet").ExitCode);
        Assert.All(RocketSection.TryRead(folder.At("out", Stories.Name, "r30", "config.json"))!.Linears.Values, linear => Assert.Null(linear.Quantization));
    }

    // Two fifths of the source's bytes: what a family has around its blocks must shrink too.
    private static string Limit(string model)
    {
        using Checkpoint checkpoint = Checkpoint.Open(GoldenProject.Source(model));
        return $"bytes: {checkpoint.Tensors.Sum(tensor => tensor.ByteLength) * 2 / 5}";
    }

    private static double Rise(JsonNode? budget) => (double)budget!["texts"]![0]!["rise"]!;

    private static double BitsPerWeight(string artifact)
    {
        JsonNode plan = JsonNode.Parse(File.ReadAllText(Path.Combine(artifact, "rocket.json")))!["plan"]!;
        long factored = RocketSection.TryRead(Path.Combine(artifact, "config.json"))!.Linears.Values.Sum(linear => linear.ByteLength);
        long dense = plan["linears"]!.AsArray().Where(linear => linear!["bytes"] is null).Sum(linear => 4L * (int)linear!["d_in"]! * (int)linear["d_out"]!);
        return 8.0 * (factored + dense) / (long)plan["denseParameters"]!;
    }

    private static JsonArray Build(TemporaryFolder folder, string output, string[] keys, double[] bits)
    {
        Write(folder, keys, bits);
        return RocketTool.RunJson(folder.Path, folder.At("cache"), "build", "--output", output)["models"]![0]!["budgets"]!.AsArray();
    }

    private static void Write(TemporaryFolder folder, string[] keys, double[] bits)
        => Write(folder, keys, string.Join(", ", bits.Select(b => FormattableString.Invariant($"{{ name: b{b}, bitsPerWeight: {b} }}"))));

    private static void Write(TemporaryFolder folder, string[] keys, string budgets) => folder.Write(
        "rocket.yaml",
        $$"""
        version: 1
        models:
          - name: {{Stories.Name}}
            source: "{{Stories.Source}}"
            calibration: { corpus: [ "{{SharedData.PathOf("corpora", "tinystories", "calibration.txt")}}" ], samples: 64, sequenceLength: 256 }
            budgets: [ {{budgets}} ]
            evaluate: { perplexity: [ "{{Stories.EvaluationText}}" ], windows: 32, sequenceLength: 256 }

        """ + string.Concat(keys.Select(key => $"    {key}\n")));
}
