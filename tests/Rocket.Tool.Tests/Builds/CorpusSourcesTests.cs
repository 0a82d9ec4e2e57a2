using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>Calibration text from several sources.</summary>
public sealed class CorpusSourcesTests
{
    private const int Length = 32;

    [Fact]
    public void Sources_that_give_all_their_windows_are_the_text_that_they_make_together()
    {
        using TemporaryFolder folder = SixAndTwoWindows();
        string together = Build(folder, "together", "[ a.jsonl, b.jsonl ]", samples: 8);
        string weighed = Build(folder, "weighed", "[ { files: a.jsonl, weight: 3 }, { files: b.jsonl } ]", samples: 8);

        Assert.Equal(File.ReadAllBytes(Path.Combine(together, "model.safetensors")), File.ReadAllBytes(Path.Combine(weighed, "model.safetensors")));
        Assert.NotEqual(CorpusOf(together), CorpusOf(weighed));
    }

    [Fact]
    public void A_weight_changes_what_is_drawn_and_a_source_too_small_for_its_part_is_an_error_at_the_samples()
    {
        using TemporaryFolder folder = SixAndTwoWindows();
        string first = Build(folder, "first", "[ { files: a.jsonl, weight: 3 }, { files: b.jsonl } ]", samples: 4);
        string second = Build(folder, "second", "[ { files: a.jsonl }, { files: b.jsonl } ]", samples: 4);
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(first, "model.safetensors")), File.ReadAllBytes(Path.Combine(second, "model.safetensors")));

        WriteManifest(folder, "small", "[ { files: a.jsonl }, { files: b.jsonl } ]", samples: 6);
        ToolResult refused = RocketTool.Run(folder.Path, folder.At("cache"), "build", "small.yaml", "--output", "out");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("small.yaml(7,16): error RKT3106: ", refused.Error, StringComparison.Ordinal);
    }

    private static TemporaryFolder SixAndTwoWindows()
    {
        var folder = new TemporaryFolder();
        WriteIds(folder, "a.jsonl", windows: 6, seed: 1);
        WriteIds(folder, "b.jsonl", windows: 2, seed: 2);
        return folder;
    }

    private static string Build(TemporaryFolder folder, string name, string corpus, int samples)
    {
        WriteManifest(folder, name, corpus, samples);
        JsonObject report = RocketTool.RunJson(folder.Path, folder.At("cache"), "build", $"{name}.yaml", "--output", "out");
        return folder.At((string)report["models"]![0]!["budgets"]![0]!["folder"]!);
    }

    private static string CorpusOf(string artifact)
        => (string)JsonNode.Parse(File.ReadAllText(Path.Combine(artifact, "rocket.json")))!["calibration"]!["corpus"]!;

    private static void WriteIds(TemporaryFolder folder, string name, int windows, int seed)
    {
        var random = new Random(seed);
        folder.Write(name, $"{{\"ids\": [{string.Join(',', Enumerable.Range(0, windows * Length).Select(_ => random.Next(3, 500)))}]}}\n");
    }

    private static void WriteManifest(TemporaryFolder folder, string name, string corpus, int samples) => folder.Write(
        $"{name}.yaml",
        $$"""
        version: 1
        models:
          - name: {{name}}
            source: "{{SharedData.PathOf("models", "stories260k")}}"
            calibration:
              corpus: {{corpus}}
              samples: {{samples}}
              sequenceLength: {{Length}}
            grid: { shares: { from: 0.3, to: 0.6, step: 0.3 } }
            budgets: [ { name: r30, remove: 30% } ]

        """);
}
