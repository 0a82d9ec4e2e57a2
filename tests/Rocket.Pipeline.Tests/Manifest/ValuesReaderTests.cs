using Rocket.Models.Diagnostics;
using Rocket.Models.Factors;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Tests.Manifest;

public sealed class ValuesReaderTests
{
    [Fact]
    public void By_default_there_is_every_width_in_every_group()
    {
        ValuesManifest values = Read("");
        Assert.True(values.HasFloats);
        Assert.Equal(15, values.Quantizations.Length);
        Assert.Equal(new Quantization(8, 32), values.Quantizations[0]);
        Assert.Equal(new Quantization(3, 128), values.Quantizations[^1]);
    }

    [Fact]
    public void Widths_and_groups_are_chosen_whatever_their_order()
    {
        ValuesManifest values = Read("valueBits: [ 4, 8 ]\n    valueGroups: 64");
        Assert.False(values.HasFloats);
        Assert.Equal([new Quantization(8, 64), new Quantization(4, 64)], values.Quantizations);
        Assert.Empty(Read("valueBits: [ 16 ]").Quantizations);
    }

    [Fact]
    public void The_papers_method_knows_no_codes() => Assert.Empty(Read("method: paper").Quantizations);

    [Theory]
    [InlineData("valueBits: [ 7 ]", "RKT1030", "16, 8, 6, 5, 4, 3")]
    [InlineData("valueBits: [ four ]", "RKT1030", "\"four\"")]
    [InlineData("valueGroups: [ 48 ]", "RKT1030", "32, 64, 128")]
    [InlineData("valueBits: []", "RKT1013", "valueBits")]
    [InlineData("method: paper\n    valueBits: [ 4 ]", "RKT1031", "\"valueBits\"")]
    public void What_it_does_not_know_is_refused_at_its_place(string lines, string code, string text)
    {
        RocketException error = Assert.Throws<RocketException>(() => Read(lines));
        Assert.Equal(code, error.Code);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.True(error.Location!.Line > 4);
    }

    [Theory]
    [InlineData("remove: 30%")]
    [InlineData("parameters: 1M")]
    [InlineData("maxLoss: 0.1")]
    public void A_budget_of_parameters_needs_the_sources_type(string limit)
        => Assert.Equal("RKT1040", Assert.Throws<RocketException>(() => Read("valueBits: [ 8, 4 ]", limit)).Code);

    [Fact]
    public void Embeddings_and_head_join_where_asked()
    {
        Assert.Equal(VocabularyParts.None, Model("", "bytes: 1MB").Includes);
        Assert.Equal(VocabularyParts.Head, Model("include: head", "bytes: 1MB").Includes);
        Assert.Equal(VocabularyParts.Embeddings | VocabularyParts.Head, Model("include: [ embeddings, head ]", "bytes: 1MB").Includes);
    }

    [Theory]
    [InlineData("include: [ embedding ]", "RKT1030")]
    [InlineData("include: [ head ]\n    valueBits: [ 16, 6 ]", "RKT1041")]
    [InlineData("include: [ head ]\n    sensitivity: none", "RKT1032")]
    [InlineData("include: [ head ]\n    method: paper", "RKT1031")]
    public void An_include_that_cannot_be_is_refused(string lines, string code)
        => Assert.Equal(code, Assert.Throws<RocketException>(() => Model(lines, "bytes: 1MB")).Code);

    [Fact]
    public void Bits_a_weight_are_a_budget()
    {
        BudgetManifest budget = Model("", "bitsPerWeight: 4.5").Budgets[0];
        Assert.Equal((BudgetKind.BitsPerWeight, 4.5m, "bitsPerWeight"), (budget.Kind, budget.Limit.Value, budget.Key));
        Assert.Equal("RKT1010", Assert.Throws<RocketException>(() => Model("", "bitsPerWeight: -1")).Code);
    }

    private static ValuesManifest Read(string lines, string limit = "bytes: 1MB") => Model(lines, limit).Values;

    private static ModelManifest Model(string lines, string limit) => ManifestReader.Parse(
        $$"""
        version: 1
        models:
          - name: m
            source: m
            {{lines}}
            calibration: { corpus: "t.txt" }
            budgets: [ { name: b, {{limit}} } ]
        """,
        "rocket.yaml").Models[0];
}
