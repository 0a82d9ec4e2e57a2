using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Cost;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Tests.Manifest;

public sealed class EvaluateReaderTests
{
    [Fact]
    public void Tasks_alone_are_enough()
    {
        EvaluateManifest evaluate = Parse("{ tasks: [ \"tasks/*.jsonl\", \"!tasks/piqa.jsonl\" ], limit: 200 }");
        Assert.Equal(["tasks/*.jsonl", "!tasks/piqa.jsonl"], evaluate.Tasks.Select(task => task.Value));
        Assert.Equal(200, evaluate.Limit!.Value.Value);
        Assert.Empty(evaluate.Perplexity);
        Assert.True(evaluate.Agreement);
        Assert.Equal(24, evaluate.Windows.Value);
    }

    [Fact]
    public void Windows_may_roll_and_agreement_may_be_left_out()
    {
        EvaluateManifest evaluate = Parse("{ perplexity: t.txt, windows: rolling, agreement: false }");
        Assert.Null(evaluate.Windows.Value);
        Assert.False(evaluate.Agreement);
        Assert.Null(evaluate.Limit);
    }

    [Theory]
    [InlineData("{ windows: 3 }", "RKT1006")]
    [InlineData("{ tasks: t.jsonl, limit: 0 }", "RKT1010")]
    [InlineData("{ perplexity: t.txt, agreement: maybe }", "RKT1005")]
    [InlineData("{ perplexity: t.txt, windows: roling }", "RKT1005")]
    public void What_makes_no_sense_is_refused(string evaluate, string code)
        => Assert.Equal(code, Assert.Throws<RocketException>(() => Parse(evaluate)).Code);

    [Fact]
    public void The_cost_has_defaults_and_bounds()
    {
        Assert.Equal(CostAssumptions.Default, Read("").Cost);
        Assert.Equal(new CostAssumptions(12.5m, 56), Read("cost: { wattsPerCore: 12.5, gramsPerKilowattHour: 56 }").Cost);
        Assert.Equal("RKT1010", Assert.Throws<RocketException>(() => Read("cost: { wattsPerCore: -1 }")).Code);
    }

    private static EvaluateManifest Parse(string evaluate) => Read("", $"    evaluate: {evaluate}\n").Models[0].Evaluate!;

    private static RocketManifest Read(string cost, string evaluate = "")
        => ManifestReader.Parse($"version: 1\n{cost}\nmodels:\n  - name: m\n    source: s\n    calibration: {{ corpus: c.txt }}\n    budgets: [ {{ name: r30, remove: 30% }} ]\n{evaluate}", "rocket.yaml");
}
