using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Tests.Manifest;

public sealed class ManifestReaderTests
{
    private const string Example = """
        version: 1
        models:
          - name: smollm2
            source: models/smollm2-135m            # relative to this file
            calibration:
              corpus: [ "corpora/openwebtext/*.jsonl" ]   # FileSystemGlobbing patterns, `!` excludes
              samples: 128
              sequenceLength: 512
              seed: 2023
            budgets:
              - { name: r30, remove: 30% }         # of the compressible linears, the paper's count; bytes and loss come later
            evaluate:
              perplexity: [ "corpora/wikitext2/valid.txt" ]
        """;

    [Fact]
    public void The_example_reads()
    {
        RocketManifest manifest = ManifestReader.Parse(Example, "rocket.yaml");
        ModelManifest model = Assert.Single(manifest.Models);
        Assert.Equal("smollm2", model.Name);
        Assert.Equal("models/smollm2-135m", model.Source.Value);
        Assert.Equal(["corpora/openwebtext/*.jsonl"], model.Calibration.Corpus.Select(pattern => pattern.Value));
        Assert.Equal((128, 512, 2023), (model.Calibration.Samples.Value, model.Calibration.SequenceLength.Value, model.Calibration.Seed));
        Assert.Equal(("r30", 0.3m), (model.Budgets.Single().Name, model.Budgets.Single().Limit.Value));
        Assert.Equal("corpora/wikitext2/valid.txt", model.Evaluate!.Perplexity.Single().Value);
    }

    [Fact]
    public void Every_value_knows_its_line_and_column()
    {
        ModelManifest model = ManifestReader.Parse(Example, "rocket.yaml").Models.Single();
        Assert.Equal("rocket.yaml(3,5)", model.Location.ToString());
        Assert.Equal("rocket.yaml(4,13)", model.Source.Location.ToString());
        Assert.Equal("rocket.yaml(6,17)", model.Calibration.Corpus[0].Location.ToString());
        Assert.Equal("rocket.yaml(7,16)", model.Calibration.Samples.Location.ToString());
        Assert.Equal("rocket.yaml(8,23)", model.Calibration.SequenceLength.Location.ToString());
        Assert.Equal("rocket.yaml(11,9)", model.Budgets[0].Location.ToString());
        Assert.Equal("rocket.yaml(11,30)", model.Budgets[0].Limit.Location.ToString());
        Assert.Equal("rocket.yaml(13,21)", model.Evaluate!.Perplexity[0].Location.ToString());
    }

    [Fact]
    public void What_is_not_said_has_its_default()
    {
        ModelManifest model = ManifestReader.Parse(ManifestText.Minimal, "rocket.yaml").Models.Single();
        Assert.Equal((128, 512, 0), (model.Calibration.Samples.Value, model.Calibration.SequenceLength.Value, model.Calibration.Seed));
        Assert.Equal("rocket.yaml(6,7)", model.Calibration.Samples.Location.ToString());
        Assert.Null(model.Evaluate);
        Assert.Equal(14, model.Grid.Ratios.Length);
        Assert.Equal(21, model.Grid.Rhos.Length);
    }

    [Fact]
    public void The_grid_has_no_drift()
    {
        GridManifest grid = ManifestReader.Parse(ManifestText.Minimal, "rocket.yaml").Models.Single().Grid;
        Assert.Equal([0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7], grid.Ratios);
        Assert.Equal([1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7, 2.8, 2.9, 3.0], grid.Rhos);
    }

    [Fact]
    public void The_grid_may_be_chosen()
    {
        GridManifest grid = ManifestReader.Parse(ManifestText.Minimal + "\n    grid: { ratios: { from: 0.1, to: 0.5, step: 0.3 }, rho: { from: 2, to: 2 } }", "rocket.yaml").Models.Single().Grid;
        Assert.Equal([0.1, 0.4], grid.Ratios);
        Assert.Equal([2.0], grid.Rhos);
    }

    [Theory]
    [InlineData("0%", 0)]
    [InlineData("12.5%", 0.125)]
    [InlineData("\"30 %\"", 0.3)]
    [InlineData("70%", 0.7)]
    public void A_share_is_a_percentage(string text, double expected) =>
        Assert.Equal((decimal)expected, ManifestReader.Parse(ManifestText.Minimal.Replace("30%", text), "rocket.yaml").Models.Single().Budgets.Single().Limit.Value);

    [Fact]
    public void One_pattern_needs_no_list() =>
        Assert.Equal("*.txt", ManifestReader.Parse(ManifestText.Minimal.Replace("[ \"*.txt\" ]", "\"*.txt\""), "rocket.yaml").Models.Single().Calibration.Corpus.Single().Value);

    [Fact]
    public void Anchors_and_aliases_share_a_value()
    {
        RocketManifest manifest = ManifestReader.Parse("""
            version: 1
            models:
              - { name: a, source: a, calibration: &text { corpus: "*.txt", samples: 7 }, budgets: &all [ { name: r30, remove: 30% } ] }
              - { name: b, source: b, calibration: *text, budgets: *all }
            """, "rocket.yaml");
        Assert.Equal([7, 7], manifest.Models.Select(model => model.Calibration.Samples.Value));
    }

    [Fact]
    public void A_file_with_a_byte_order_mark_reads()
    {
        using TemporaryFolder folder = new();
        string path = folder.At("rocket.yaml");
        File.WriteAllText(path, Example, new System.Text.UTF8Encoding(true));
        RocketManifest manifest = ManifestReader.Read(path);
        Assert.Equal("smollm2", manifest.Models.Single().Name);
        Assert.Equal(folder.Path, manifest.Folder);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/held-out/*.jsonl")]
    public void The_template_reads(string? evaluation)
    {
        string text = ManifestTemplate.Create("it's", "models/it's", "text/*.jsonl", evaluation).Replace("name: 'it''s'", "name: its");
        ModelManifest model = ManifestReader.Parse(text, "rocket.yaml").Models.Single();
        Assert.Equal("models/it's", model.Source.Value);
        Assert.Equal("text/*.jsonl", model.Calibration.Corpus.Single().Value);
        Assert.Equal([0.2m, 0.3m], model.Budgets.Select(budget => budget.Limit.Value));
        Assert.Equal(evaluation, model.Evaluate?.Perplexity.Single().Value);
        Assert.DoesNotContain('\r', text);
        Assert.EndsWith("\n", text);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("smollm2-1.7b_x", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a\\b", false)]
    [InlineData("a b", false)]
    [InlineData("-a", false)]
    [InlineData("a.", false)]
    [InlineData("a\n", false)]
    [InlineData("CON", false)]
    [InlineData("nul.txt", false)]
    [InlineData("r30.run.json", false)]
    [InlineData("report.html", false)]
    [InlineData("é", false)]
    public void A_name_must_be_a_folder_on_every_system(string name, bool isSafe) => Assert.Equal(isSafe, SafeName.IsSafe(name));

    [Theory]
    [InlineData("parameters: 90M", BudgetKind.Parameters, 90e6)]
    [InlineData("parameters: 1.5B", BudgetKind.Parameters, 1.5e9)]
    [InlineData("parameters: 1234", BudgetKind.Parameters, 1234)]
    [InlineData("bytes: 120MB", BudgetKind.Bytes, 120e6)]
    [InlineData("bytes: 1.5 GiB", BudgetKind.Bytes, 1610612736)]
    [InlineData("maxLoss: 0.05", BudgetKind.MaxLoss, 0.05)]
    public void A_budget_has_one_of_four_limits(string limit, BudgetKind kind, double value)
    {
        BudgetManifest budget = ManifestReader.Parse(ManifestText.Minimal.Replace("remove: 30%", limit), "rocket.yaml").Models.Single().Budgets.Single();
        Assert.Equal((kind, (decimal)value, limit.Split(':')[0]), (budget.Kind, budget.Limit.Value, budget.Key));
    }

    [Fact]
    public void An_entry_of_constraints_gives_one_for_everything_it_asks()
    {
        ModelManifest model = ManifestReader.Parse($"{ManifestText.Minimal}\n    constraints:\n      - {{ linears: \"*.q_proj\", blocks: 1..2, minRemoved: 10%, maxRemoved: 40% }}\n      - {{ maxCost: 0.3 }}", "rocket.yaml").Models.Single();
        Assert.Equal(["minRemoved: 10%", "maxRemoved: 40%", "maxCost: 0.3"], model.Constraints.Select(constraint => constraint.ToString()));
        Assert.Equal((10, 11), (model.Constraints[0].Location.Line, model.Constraints[2].Location.Line));
        Assert.True(model.Constraints[0].Covers("model.layers.1.self_attn.q_proj", 1));
        Assert.False(model.Constraints[0].Covers("model.layers.3.self_attn.q_proj", 3));
        Assert.False(model.Constraints[0].Covers("model.layers.1.self_attn.k_proj", 1));
        Assert.True(model.Constraints[2].Covers("anything", 99));
    }
}
