using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>The default method against the paper's on a small trained model.</summary>
public sealed class MethodTests
{
    [Fact]
    public void The_default_method_loses_a_fifth_of_what_the_papers_does_and_predicts_it()
    {
        using var folder = new TemporaryFolder();
        JsonNode paper = Build(folder, "paper");
        JsonNode standard = Build(folder, "rocket");

        Assert.True(5 * Rise(standard) <= Rise(paper), $"{Rise(standard)} nats, the paper's method {Rise(paper)}");
        Assert.Equal("Nats", (string)Provenance(folder, "rocket")["plan"]!["costUnit"]!);
        double predicted = (double)standard["cost"]!;
        Assert.InRange(Rise(standard), 0.5 * predicted, 2 * predicted);
        Assert.Null(Provenance(folder, "paper")["plan"]!["costUnit"]);
        Assert.All(Provenance(folder, "paper")["plan"]!["linears"]!.AsArray(), linear => Assert.NotEqual("sparse", (string)linear!["form"]!));
    }

    [Fact]
    public void Predicted_and_realised_losses_of_every_linear_agree()
    {
        using var folder = new TemporaryFolder();
        Build(folder, "rocket");
        JsonNode plan = Provenance(folder, "rocket")["plan"]!;
        foreach (JsonNode? linear in plan["linears"]!.AsArray().Where(linear => linear!["realised"] is not null))
        {
            double predicted = (double)linear!["predicted"]!["loss"]!;
            Assert.Equal(predicted, (double)linear["realised"]!["loss"]!, 1e-3 * predicted);
        }

        Assert.Equal((double)plan["cost"]!, (double)plan["realisedCost"]!, 1e-3 * (double)plan["cost"]!);
    }

    private static double Rise(JsonNode budget) => (double)budget["texts"]![0]!["rise"]!;

    private static JsonObject Provenance(TemporaryFolder folder, string method)
        => JsonNode.Parse(File.ReadAllText(folder.At(method, Stories.Name, "r30", "rocket.json")))!.AsObject();

    private static JsonNode Build(TemporaryFolder folder, string method)
    {
        folder.Write(
            "rocket.yaml",
            $$"""
            version: 1
            models:
              - name: {{Stories.Name}}
                source: "{{Stories.Source}}"
                method: {{method}}
                calibration: { corpus: [ "{{SharedData.PathOf("corpora", "tinystories", "calibration.txt")}}" ], samples: 64, sequenceLength: 256 }
                budgets: [ { name: r30, remove: 30% } ]
                evaluate: { perplexity: [ "{{Stories.EvaluationText}}" ], windows: 16, sequenceLength: 256 }

            """);
        return RocketTool.RunJson(folder.Path, folder.At("cache"), "build", "--output", method)["models"]![0]!["budgets"]![0]!;
    }
}
