using System.Globalization;
using System.Text.Json.Nodes;
using Rocket.Tool.Commands;
using Rocket.Tool.Output;
using Spectre.Console;

namespace Rocket.Tool.Tests.Builds;

/// <summary>A project that compresses one golden model by 30 %, on text that comes as token ids.</summary>
internal sealed class GoldenProject : IDisposable
{
    private const int Length = 24;
    private const int Windows = 8;

    private readonly string _manifest;
    private readonly string _text;

    /// <summary>Writes the texts and the manifest.</summary>
    /// <param name="source">The model's folder.</param>
    /// <param name="grid">What stands under <c>grid</c>.</param>
    /// <param name="constraint">The entry of <c>constraints</c>; null: none.</param>
    /// <param name="limit">The budget's limit.</param>
    /// <param name="keys">A further key of the model; null: none.</param>
    public GoldenProject(string source, string grid = "ratios: { from: 0.1, to: 0.5, step: 0.1 }, rho: { from: 1.5, to: 2.5, step: 0.5 }", string? constraint = null, string limit = "remove: 30%", string? keys = null)
    {
        int vocabulary = (int)JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!["vocab_size"]!;
        WriteIds(Folder.At("calibration.jsonl"), vocabulary, documents: 40, seed: 1);
        _text = Folder.At("evaluation.jsonl");
        WriteIds(_text, vocabulary, Windows, seed: 2);
        _manifest = Folder.Write(
            "rocket.yaml",
            $$"""
            version: 1
            models:
              - name: golden
                source: "{{source}}"
                calibration: { corpus: [ "calibration.jsonl" ], samples: 40, sequenceLength: {{Length}} }
                grid: { {{grid}} }
                budgets: [ { name: r30, {{limit}} } ]
                evaluate: { perplexity: [ "evaluation.jsonl" ], windows: {{Windows}}, sequenceLength: {{Length}} }
            {{(keys is null ? "" : $"    {keys}")}}
            {{(constraint is null ? "" : $"    constraints: [ {constraint} ]")}}
            """);
    }

    /// <summary>The golden models by name.</summary>
    public static string[] Models { get; } =
        [.. Directory.GetDirectories(Path.Combine(SharedData.Goldens, "models")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    /// <summary>The project's folder.</summary>
    public TemporaryFolder Folder { get; } = new();

    /// <summary>The artifact.</summary>
    public string Artifact => Folder.At("out", "golden", "r30");

    /// <summary>The artifact multiplied out, in float32.</summary>
    public string DenseExport => Artifact + "-dense";

    /// <summary>The artifact packed for readers of compressed-tensors.</summary>
    public string PackedExport => Artifact + "-compressed-tensors";

    /// <summary>Folder of a golden model.</summary>
    public static string Source(string model) => Path.Combine(SharedData.Goldens, "models", model);

    /// <summary>Builds artifact and dense export; the report of the model.</summary>
    public Task<JsonNode> BuildAsync() => BuildAsync("--dense", "--dtype", "F32");

    /// <summary>Builds the artifact and what is asked for beside it; the report of the model.</summary>
    public async Task<JsonNode> BuildAsync(params string[] exports)
        => (await RunAsync(["build", _manifest, "--output", Folder.At("out"), "--cache", Folder.At("cache"), .. exports]))["models"]![0]!;

    /// <summary>The plan, as it is foretold.</summary>
    public async Task<JsonNode> PlanAsync() => (await RunAsync("plan", _manifest, "--cache", Folder.At("cache")))["models"]![0]!["plans"]![0]!;

    /// <summary>Negative log-likelihood of a model in nats a token.</summary>
    public async Task<double> EvaluateAsync(string model, string runtime = "torch")
        => (double)(await RunAsync("evaluate", model, "--runtime", runtime, "--text", _text, "--windows", $"{Windows}", "--length", $"{Length}", "--cache", Folder.At("cache")))["nll"]!;

    /// <summary>Looks at the artifact and reads all its tensors; fails where something is wrong with one.</summary>
    public Task<JsonObject> InspectAsync() => InspectAsync(Artifact);

    /// <summary>Looks at a folder of the build in the same way.</summary>
    public static Task<JsonObject> InspectAsync(string folder) => RunAsync("inspect", folder, "--verify");

    /// <inheritdoc/>
    public void Dispose() => Folder.Dispose();

    private static async Task<JsonObject> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        int exitCode = await RocketCommand.RunAsync([.. arguments, "--json"], new Terminal(output, error, console, console, false), TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, error.ToString());
        return JsonNode.Parse(output.ToString())!.AsObject();
    }

    private static void WriteIds(string path, int vocabulary, int documents, int seed)
    {
        var random = new Random(seed);
        File.WriteAllLines(path, Enumerable.Range(0, documents).Select(_ =>
            $"{{\"ids\": [{string.Join(", ", Enumerable.Range(0, Length).Select(_ => random.Next(vocabulary).ToString(CultureInfo.InvariantCulture)))}]}}"));
    }
}
