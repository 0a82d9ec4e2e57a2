using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary><c>correction: sequential</c> on a small trained model.</summary>
public sealed class CorrectionTests
{
    [Fact]
    public void At_half_of_the_parameters_it_loses_less_and_two_threads_make_the_bytes_that_one_makes()
    {
        using var folder = new TemporaryFolder();
        WriteManifest(folder, "plain", "none");
        WriteManifest(folder, "corrected", "sequential");
        JsonObject plain = RocketTool.RunJson(folder.Path, folder.At("cache"), "build", "plain.yaml", "--output", "plain", "--threads", "2");
        JsonObject corrected = RocketTool.RunJson(folder.Path, folder.At("cache"), "build", "corrected.yaml", "--output", "two", "--threads", "2");
        Assert.True(Rise(corrected) < Rise(plain), $"{Rise(corrected)} nats corrected, {Rise(plain)} not");
        Assert.Equal(["assemble", "correct", "evaluate"], corrected["computed"]!.AsObject().Select(stage => stage.Key));

        JsonObject again = RocketTool.RunJson(folder.Path, folder.At("cache"), "build", "corrected.yaml", "--output", "two", "--threads", "2");
        Assert.Equal(0, (int)again["computedActions"]!);

        RocketTool.RunJson(folder.Path, folder.At("other"), "build", "corrected.yaml", "--output", "one", "--threads", "1");
        Assert.Equal(FolderSnapshot.Of(folder.At("two", Stories.Name, "r50")), FolderSnapshot.Of(folder.At("one", Stories.Name, "r50")));
    }

    private static double Rise(JsonObject report) => (double)report["models"]![0]!["budgets"]![0]!["texts"]![0]!["rise"]!;

    private static void WriteManifest(TemporaryFolder folder, string name, string correction) => folder.Write(
        $"{name}.yaml",
        $$"""
        version: 1
        models:
          - name: {{Stories.Name}}
            source: "{{Stories.Source}}"
            correction: {{correction}}
            calibration: { corpus: [ "{{SharedData.PathOf("corpora", "tinystories", "calibration.txt")}}" ], samples: 64, sequenceLength: 256 }
            grid: { shares: { from: 0.1, to: 0.8, step: 0.1 } }
            budgets: [ { name: r50, remove: 50% } ]
            evaluate: { perplexity: [ "{{Stories.EvaluationText}}" ], windows: 16, sequenceLength: 256 }

        """);
}
