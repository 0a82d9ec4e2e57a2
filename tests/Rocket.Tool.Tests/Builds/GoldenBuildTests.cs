using System.Globalization;
using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;
using Rocket.Tool.Commands;
using Rocket.Tool.Output;
using Spectre.Console;

namespace Rocket.Tool.Tests.Builds;

/// <summary>Every golden model through the whole pipeline, on text that comes as token ids.</summary>
public sealed class GoldenBuildTests
{
    private const int Length = 24;
    private const int Windows = 8;

    public static TheoryData<string> Models { get; } =
        [.. Directory.GetDirectories(Path.Combine(SharedData.Goldens, "models")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task An_artifact_and_its_dense_export_have_one_loss_and_the_export_the_layout_of_the_source(string name)
    {
        using var folder = new TemporaryFolder();
        string source = Path.Combine(SharedData.Goldens, "models", name);
        int vocabulary = (int)JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!["vocab_size"]!;
        WriteIds(folder.At("calibration.jsonl"), vocabulary, documents: 40, seed: 1);
        string text = folder.At("evaluation.jsonl");
        WriteIds(text, vocabulary, Windows, seed: 2);
        string manifest = folder.Write(
            "rocket.yaml",
            $$"""
            version: 1
            models:
              - name: golden
                source: "{{source}}"
                calibration: { corpus: [ "calibration.jsonl" ], samples: 40, sequenceLength: {{Length}} }
                grid: { ratios: { from: 0.1, to: 0.5, step: 0.1 }, rho: { from: 1.5, to: 2.5, step: 0.5 } }
                budgets: [ { name: r30, remove: 30% } ]
                evaluate: { perplexity: [ "evaluation.jsonl" ], windows: {{Windows}}, sequenceLength: {{Length}} }
            """);
        JsonObject report = await RunAsync(folder, "build", manifest, "--output", folder.At("out"), "--dense", "--dtype", "F32");
        JsonNode budget = report["models"]![0]!["budgets"]![0]!;
        Assert.True((double)budget["removedShare"]! >= 0.3);

        string export = folder.At("out", "golden", "r30-dense");
        Assert.Equal(Layout(source), Layout(export));
        JsonObject dense = await RunAsync(folder, "evaluate", export, "--text", text, "--windows", $"{Windows}", "--length", $"{Length}");
        Assert.Equal((double)budget["texts"]![0]!["nll"]!, (double)dense["nll"]!, 1e-4);
        JsonObject inspected = await RunAsync(folder, "inspect", folder.At("out", "golden", "r30"), "--verify");
        Assert.Equal((long)budget["bytes"]!, (long)inspected["bytes"]!);
    }

    private static async Task<JsonObject> RunAsync(TemporaryFolder folder, string command, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        string[] cache = command == "inspect" ? [] : ["--cache", folder.At("cache")];
        int exitCode = await RocketCommand.RunAsync([command, .. arguments, .. cache, "--json"], new Terminal(output, error, console, console, false), TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, error.ToString());
        return JsonNode.Parse(output.ToString())!.AsObject();
    }

    // Names and shapes: the types are those of --dtype.
    private static string[] Layout(string folder)
    {
        using Checkpoint checkpoint = Checkpoint.Open(folder);
        return [.. checkpoint.Tensors.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]")];
    }

    private static void WriteIds(string path, int vocabulary, int documents, int seed)
    {
        var random = new Random(seed);
        File.WriteAllLines(path, Enumerable.Range(0, documents).Select(_ =>
            $"{{\"ids\": [{string.Join(", ", Enumerable.Range(0, Length).Select(_ => random.Next(vocabulary).ToString(CultureInfo.InvariantCulture)))}]}}"));
    }
}
