using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>The main job on a real chat model of 135M parameters, from calibration to perplexity. Takes half an hour.</summary>
public sealed class ChatModelTests
{
    private const string Wikitext = "valid.txt";
    private const double DenseBound = 0.001;
    private const double Tolerance = 1.05;

    // Rise of the nll, nats a token, of the published profiler and compressor at the same budgets: WikiText-2, C4.
    private static readonly (int Remove, double Wiki, double Web)[] Reference = [(20, 0.770, 0.731), (30, 1.265, 1.157), (40, 2.029, 1.760), (50, 3.130, 2.868)];

    [Fact]
    public void It_is_at_least_as_good_as_the_reference_and_another_budget_is_cheap()
    {
        Assert.SkipUnless(SharedData.IsHeavy, "Takes half an hour: ROCKET_HEAVY=1 runs it.");
        using var folder = new TemporaryFolder();
        WriteManifest(folder, [20, 30, 40, 50]);
        JsonObject cold = Build(folder);
        AssertDense(cold);
        foreach ((int remove, double wiki, double web) in Reference)
        {
            JsonNode budget = Budget(cold, $"r{remove}");
            Assert.True((double)budget["removedShare"]! >= remove / 100.0);
            foreach (JsonNode? text in budget["texts"]!.AsArray())
            {
                double limit = Tolerance * (((string)text!["text"]!).EndsWith(Wikitext, StringComparison.Ordinal) ? wiki : web);
                Assert.True((double)text["rise"]! <= limit, $"r{remove}, {text["text"]}: {text["rise"]}");
            }

            AssertErrorsAgree((string)budget["folder"]!, folder.Path);
        }

        JsonObject again = Build(folder);
        Assert.Equal(0, (int)again["computedActions"]!);

        WriteManifest(folder, [20, 25, 30, 40, 50]);
        JsonObject changed = Build(folder);
        Assert.Equal(["allocate", "assemble", "evaluate", "factorize"], changed["computed"]!.AsObject().Select(stage => stage.Key));
        Assert.True(Seconds(changed) <= 0.15 * Seconds(cold), $"{Seconds(changed)} s after {Seconds(cold)} s");
    }

    private static void AssertDense(JsonObject report)
    {
        JsonArray texts = report["models"]![0]!["source"]!["texts"]!.AsArray();
        foreach (JsonNode? text in texts)
        {
            double expected = ((string)text!["text"]!).EndsWith(Wikitext, StringComparison.Ordinal) ? 3.2765 : 3.5078;
            Assert.Equal(expected, (double)text["nll"]!, DenseBound);
        }
    }

    private static void AssertErrorsAgree(string artifact, string folder)
    {
        JsonNode provenance = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, artifact, "rocket.json")))!;
        foreach (JsonNode? linear in provenance["plan"]!["linears"]!.AsArray().Where(linear => linear!["realised"] is not null))
        {
            double predicted = (double)linear!["predicted"]!["whitenedError"]!;
            double realised = (double)linear["realised"]!["whitenedError"]!;
            Assert.True(Math.Abs(realised - predicted) <= 1e-3 * predicted, $"{linear["name"]}: {predicted} predicted, {realised} realised");
        }
    }

    private static JsonNode Budget(JsonObject report, string name)
        => report["models"]![0]!["budgets"]!.AsArray().Single(budget => (string)budget!["name"]! == name)!;

    // The stages that the budgets share or add to; evaluation measures, it does not build.
    private static double Seconds(JsonObject report)
        => report["models"]![0]!["wallSeconds"]!.AsObject().Where(stage => stage.Key != "evaluate").Sum(stage => (double)stage.Value!);

    private static JsonObject Build(TemporaryFolder folder) => RocketTool.RunJson(folder.Path, folder.At("cache"), "build", "--output", "out", "--threads", "2");

    private static void WriteManifest(TemporaryFolder folder, int[] budgets)
    {
        string lines = string.Concat(budgets.Select(budget => $"      - {{ name: r{budget}, remove: {budget}% }}\n"));
        folder.Write(
            "rocket.yaml",
            $$"""
            version: 1
            models:
              - name: smollm2
                source: "{{SmolLm2.Folder}}"
                method: paper
                calibration: { corpus: [ "{{SharedData.PathOf("corpora", "openwebtext", "calibration.jsonl")}}" ], samples: 96, sequenceLength: 512, seed: 0 }
                evaluate:
                  perplexity: [ "{{SharedData.PathOf("corpora", "wikitext2", "valid.txt")}}", "{{SharedData.PathOf("corpora", "c4", "evaluation.jsonl")}}" ]
                  windows: 24
                  sequenceLength: 512
                budgets:

            """ + lines);
    }
}
