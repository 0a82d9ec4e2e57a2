using Rocket.Compression.Factorization;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Tests.Manifest;

public sealed class MethodReaderTests
{
    [Fact]
    public void By_default_costs_are_nats_and_linears_are_sparse_or_dense()
        => Assert.Equal(new MethodManifest(IsPaper: false, UsesOutputs: true, HasSparse: true, HasDictionary: false), Read(""));

    [Theory]
    [InlineData("method: paper", true, false, false, true)]
    [InlineData("method: rocket", false, true, true, false)]
    [InlineData("sensitivity: none", false, false, true, false)]
    [InlineData("forms: [ dictionary ]", false, true, false, true)]
    [InlineData("forms: sparse", false, true, true, false)]
    [InlineData("forms: [ dense, sparse, dictionary ]", false, true, true, true)]
    public void A_word_chooses(string line, bool isPaper, bool usesOutputs, bool hasSparse, bool hasDictionary)
        => Assert.Equal(new MethodManifest(isPaper, usesOutputs, hasSparse, hasDictionary), Read(line));

    [Theory]
    [InlineData("sensitivity: output", true, true, true)]
    [InlineData("sensitivity: cost", false, true, true)]
    [InlineData("sensitivity: rows", true, false, true)]
    [InlineData("refinement: full", true, true, true)]
    [InlineData("refinement: none", true, true, false)]
    public void A_study_leaves_steps_out(string line, bool weighsRows, bool weighsLinears, bool refines)
    {
        MethodManifest method = Read(line);
        Assert.Equal(new FactorizationSteps(weighsRows, weighsLinears, refines), method.Steps);
        Assert.Equal(weighsLinears, method.HasNats);
        Assert.True(method.UsesOutputs);
    }

    [Fact]
    public void Blocks_are_corrected_only_where_asked()
    {
        Assert.False(Read("correction: none").IsSequential);
        Assert.True(Read("correction: sequential").IsSequential);
    }

    [Theory]
    [InlineData("method: papers", "RKT1030", "Did you mean \"paper\"?")]
    [InlineData("sensitivity: input", "RKT1030", "output, cost, rows")]
    [InlineData("forms: [ sparse, lowrank ]", "RKT1030", "dense, sparse, dictionary")]
    [InlineData("refinement: some", "RKT1030", "full, none")]
    [InlineData("sensitivity: rows\n    include: [ head ]", "RKT1032", "\"include\"")]
    [InlineData("method: paper\n    refinement: none", "RKT1031", "\"refinement\"")]
    [InlineData("correction: twice", "RKT1030", "none, sequential")]
    [InlineData("grid: { evaluate: some }", "RKT1030", "few, all")]
    [InlineData("method: paper\n    forms: [ sparse ]", "RKT1031", "\"forms\"")]
    [InlineData("method: paper\n    correction: sequential", "RKT1031", "\"correction\"")]
    [InlineData("method: paper\n    sensitivity: none", "RKT1031", "\"sensitivity\"")]
    public void What_it_does_not_know_is_refused_at_its_place(string lines, string code, string text)
    {
        RocketException error = Assert.Throws<RocketException>(() => Read(lines));
        Assert.Equal(code, error.Code);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.True(error.Location!.Line > 4);
    }

    [Theory]
    [InlineData("forms: [ dictionary ]", false)]
    [InlineData("grid: { evaluate: all }", true)]
    [InlineData("method: paper", true)]
    [InlineData("method: paper\n    grid: { ratios: { to: 0.5 } }", true)]
    [InlineData("method: paper\n    grid: { evaluate: few }", false)]
    public void The_papers_method_evaluates_all_dictionaries_unless_it_is_told_otherwise(string lines, bool evaluatesAll)
        => Assert.Equal(evaluatesAll, Model(lines).Grid.EvaluatesAll);

    [Fact]
    public void Fewer_windows_may_be_run_backwards_and_not_more()
    {
        Assert.Equal(128, Model("").Calibration.BackwardSamples.Value);
        Assert.Equal(3, Model("", "backwardSamples: 3").Calibration.BackwardSamples.Value);
        Assert.Equal("RKT1010", Assert.Throws<RocketException>(() => Model("", "backwardSamples: 129")).Code);
    }

    private static MethodManifest Read(string lines) => Model(lines).Method;

    private static ModelManifest Model(string lines, string calibration = "seed: 1") => ManifestReader.Parse(
        $$"""
        version: 1
        models:
          - name: m
            source: m
            calibration: { corpus: [ "a.txt" ], {{calibration}} }
            budgets: [ { name: r30, remove: 30% } ]
            {{lines}}
        """,
        "rocket.yaml").Models.Single();
}
