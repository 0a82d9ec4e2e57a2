using System.Text;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Tests.Manifest;

namespace Rocket.Pipeline.Tests.Diagnostics;

public sealed class ManifestErrorsTests
{
    [Fact]
    public void A_missing_file_is_RKT1001()
    {
        using TemporaryFolder folder = new();
        RocketException error = Assert.Throws<RocketException>(() => ManifestReader.Read(folder.At("rocket.yaml")));
        Assert.Equal("RKT1001", error.Code);
        Assert.Equal(folder.At("rocket.yaml"), error.Location!.ToString());
        Assert.Equal("RKT1001", Assert.Throws<RocketException>(() => ManifestReader.Read(folder.Path)).Code);
    }

    [Theory]
    [InlineData("version: 1\nmodels: [ {", null, null)]
    [InlineData("version: 1\nmodels: \"abc", null, null)]
    [InlineData("version: 1\n\tmodels: 1", 1, 10)]
    [InlineData("version: *nowhere", 1, 10)]
    [InlineData("version: 1\nmodels: &a [ *a ]", 2, 14)]
    [InlineData("version: 1\n? [a, b]\n: 2", 2, 3)]
    public void What_is_not_YAML_is_RKT1002(string text, int? line, int? column) => Refused(text, "RKT1002", line, column);

    [Fact]
    public void An_unknown_key_is_RKT1003_and_the_right_one_is_told()
    {
        RocketException error = Refused(ManifestText.Minimal.Replace("corpus:", "copus:"), "RKT1003", 6, 7);
        Assert.Contains("Did you mean \"corpus\"?", error.Message);
        Assert.Contains("\"copus\"", error.Message);
        Assert.Contains("\"sequenceLength\"", Refused(ManifestText.Minimal.Replace("corpus:", "sequencelength:"), "RKT1003", 6, 7).Message);
        Assert.Contains("It knows name, remove, parameters, bytes, bitsPerWeight, maxLoss, maxPerplexityRise.", Refused(ManifestText.Minimal.Replace("remove:", "xyz:"), "RKT1003", 8, 22).Message);
        Refused("version: 1\nmodel: []", "RKT1003", 2, 1);
        Refused(ManifestText.Minimal + "\n    evaluate: { perplexity: x, window: 1 }", "RKT1003", 9, 32);
        Refused(ManifestText.Minimal + "\n    grid: { ratio: {} }", "RKT1003", 9, 13);
        Refused(ManifestText.Minimal + "\n    grid: { rho: { start: 1 } }", "RKT1003", 9, 20);
    }

    [Fact]
    public void A_budget_beyond_the_grid_is_RKT1004()
    {
        RocketException error = Refused(ManifestText.Minimal.Replace("30%", "90%"), "RKT1004", 8, 30);
        Assert.Contains("\"r30\" removes 90 %, but the grid ends at 85 %", error.Message);
    }

    [Theory]
    [InlineData("[ \"*.txt\" ]", "{ a: 1 }", 6, 15)]
    [InlineData("[ \"*.txt\" ]", "[ [ a ] ]", 6, 17)]
    [InlineData("[ \"*.txt\" ]", "[ ~ ]", 6, 17)]
    [InlineData("[ \"*.txt\" ]", "x\n      samples: many", 7, 16)]
    [InlineData("[ \"*.txt\" ]", "x\n      samples: \"12\"", 7, 16)]
    [InlineData("[ \"*.txt\" ]", "x\n      samples: 1.5", 7, 16)]
    [InlineData("[ \"*.txt\" ]", "x\n      samples: [ 1 ]", 7, 16)]
    [InlineData("source: folder", "source: [ folder ]", 4, 13)]
    [InlineData("{ name: r30, remove: 30% }", "r30", 8, 9)]
    [InlineData("30%", "[ 30% ]", 8, 30)]
    [InlineData("source: folder", "source: folder\n    grid: 7", 5, 11)]
    [InlineData("source: folder", "source: folder\n    grid: { rho: { to: x } }", 5, 24)]
    public void A_value_of_another_type_is_RKT1005(string old, string replacement, int line, int column) =>
        Refused(ManifestText.Minimal.Replace(old, replacement), "RKT1005", line, column);

    [Fact]
    public void A_root_or_list_of_another_type_is_RKT1005()
    {
        Refused("just a text", "RKT1005", 1, 1);
        Refused("version: 1\nmodels: 7", "RKT1005", 2, 9);
        Refused("version: 1\nmodels: { a: 1 }", "RKT1005", 2, 9);
    }

    [Theory]
    [InlineData("    source: folder\n", 3, 5)]
    [InlineData("version: 1\n", 1, 1)]
    [InlineData("      corpus: [ \"*.txt\" ]\n", 5, 17)]
    public void A_missing_key_is_RKT1006(string removed, int line, int column) =>
        Refused(ManifestText.Minimal.Replace(removed, ""), "RKT1006", line, column);

    [Fact]
    public void A_missing_key_of_a_list_item_or_the_root_is_RKT1006()
    {
        Refused("version: 1", "RKT1006", 1, 1);
        Refused(ManifestText.Minimal.Replace("name: r30, ", ""), "RKT1006", 8, 9);
        Refused(ManifestText.Minimal.Replace(", remove: 30%", ""), "RKT1006", 8, 9);
        Refused(ManifestText.Minimal + "\n    evaluate: { windows: 3 }", "RKT1006", 9, 15);
    }

    [Fact]
    public void A_key_that_stands_twice_is_RKT1007()
    {
        RocketException error = Refused(ManifestText.Minimal + "\n    source: other", "RKT1007", 9, 5);
        Assert.Contains("on line 4", error.Message);
    }

    [Fact]
    public void Two_things_with_one_name_are_RKT1008()
    {
        Assert.Contains("Two budgets", Refused(ManifestText.Minimal + "\n      - { name: R30, remove: 20% }", "RKT1008", 9, 9).Message);
        string model = ManifestText.Minimal[ManifestText.Minimal.IndexOf("  - name", StringComparison.Ordinal)..];
        Assert.Contains("line 3", Refused(ManifestText.Minimal + "\n" + model, "RKT1008", 9, 5).Message);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("0.3")]
    [InlineData("-5%")]
    [InlineData("100%")]
    [InlineData("five")]
    [InlineData("x%")]
    [InlineData("1e1%")]
    public void What_is_no_percentage_is_RKT1009(string value) =>
        Assert.Contains($"\"{value}\"", Refused(ManifestText.Minimal.Replace("30%", value), "RKT1009", 8, 30).Message);

    [Theory]
    [InlineData("calibration", "samples: 0", 16)]
    [InlineData("calibration", "samples: 99999999999999999999", 16)]
    [InlineData("calibration", "sequenceLength: 1", 23)]
    [InlineData("calibration", "seed: -1", 13)]
    public void A_number_out_of_range_is_RKT1010(string owner, string line, int column) =>
        Refused(ManifestText.Minimal.Replace($"{owner}:\n", $"{owner}:\n      {line}\n"), "RKT1010", 6, column);

    [Theory]
    [InlineData("ratios: { from: 0 }", 29)]
    [InlineData("ratios: { to: 1 }", 27)]
    [InlineData("ratios: { from: 0.5, to: 0.4 }", 38)]
    [InlineData("ratios: { step: 0 }", 29)]
    [InlineData("ratios: { step: -0.1 }", 29)]
    [InlineData("ratios: { step: 0.0000000000000000000000000001 }", 29)]
    [InlineData("rho: { from: 0.9 }", 26)]
    [InlineData("rho: { to: 1000 }", 24)]
    [InlineData("rho: { to: 100, step: 0.0000000000000000000000000001 }", 35)]
    public void A_grid_out_of_range_is_RKT1010(string grid, int column) =>
        Refused($"{ManifestText.Minimal}\n    grid: {{ {grid} }}", "RKT1010", 9, column);

    [Theory]
    [InlineData("2")]
    [InlineData("1.0")]
    [InlineData("[ 1 ]")]
    public void Another_version_is_RKT1011(string version) =>
        Refused(ManifestText.Minimal.Replace("version: 1", $"version: {version}"), "RKT1011", 1, 10);

    [Fact]
    public void A_name_that_is_no_folder_is_RKT1012()
    {
        Assert.Contains("\"../m\"", Refused(ManifestText.Minimal.Replace("name: m", "name: ../m"), "RKT1012", 3, 11).Message);
        Refused(ManifestText.Minimal.Replace("name: r30", "name: con"), "RKT1012", 8, 17);
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("# only a comment\n", 1, 1)]
    [InlineData("---\n", 1, 1)]
    [InlineData("~", 1, 1)]
    [InlineData("version: 1\nmodels: []", 2, 9)]
    public void Nothing_is_RKT1013(string text, int line, int column) => Refused(text, "RKT1013", line, column);

    [Fact]
    public void An_empty_list_or_text_is_RKT1013()
    {
        Refused(ManifestText.Minimal.Replace("[ \"*.txt\" ]", "[]"), "RKT1013", 6, 15);
        Refused(ManifestText.Minimal.Replace("source: folder", "source: \" \""), "RKT1013", 4, 13);
    }

    [Fact]
    public void An_absurdly_deep_manifest_is_RKT1014()
    {
        Refused(new string('[', 100_000), "RKT1014", 1, 33);
        Refused("a: " + new string('{', 50) + new string('}', 50), "RKT1014", 1, null);
    }

    [Fact]
    public void An_absurdly_large_manifest_is_RKT1014()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("rocket.yaml", new string('#', 2 << 20));
        Assert.Equal("RKT1014", Assert.Throws<RocketException>(() => ManifestReader.Read(path)).Code);
    }

    [Fact]
    public void A_second_document_is_RKT1015() => Refused(ManifestText.Minimal + "\n---\nversion: 1", "RKT1015", 9, 1);

    [Fact]
    public void An_exclusion_without_quotes_is_RKT1016() =>
        Assert.Contains("\"!bad.txt\"", Refused(ManifestText.Minimal.Replace("[ \"*.txt\" ]", "[ \"*.txt\", !bad.txt ]"), "RKT1016", 6, 26).Message);

    [Fact]
    public void Bytes_that_are_not_UTF8_are_RKT1017()
    {
        using TemporaryFolder folder = new();
        string path = folder.At("rocket.yaml");
        File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes("version: 1\nmodels: "), 0xE9, 0x0A]);
        RocketException error = Assert.Throws<RocketException>(() => ManifestReader.Read(path));
        Assert.Equal("RKT1017", error.Code);
        Assert.Equal(2, error.Location!.Line);
    }

    [Theory]
    [InlineData("parameters: many")]
    [InlineData("parameters: 90MB")]
    [InlineData("parameters: -3")]
    [InlineData("bytes: 120M")]
    [InlineData("bytes: [ 120MB ]")]
    [InlineData("bytes: 99999999999TB")]
    public void What_is_no_quantity_is_RKT1018(string limit) =>
        Refused(ManifestText.Minimal.Replace("remove: 30%", limit), "RKT1018", 8, limit.IndexOf(':') + 24);

    [Fact]
    public void A_budget_with_two_limits_is_RKT1019() =>
        Assert.Contains("both \"remove\" and \"bytes\"", Refused(ManifestText.Minimal.Replace("30%", "30%, bytes: 1MB"), "RKT1019", 8, 42).Message);

    [Theory]
    [InlineData("{ linears: \"*\" }", "RKT1006", 9)]
    [InlineData("{ keep: sparse }", "RKT1005", 17)]
    [InlineData("{ blocks: 3..1, keep: dense }", "RKT1005", 19)]
    [InlineData("{ maxRemoved: 0.4 }", "RKT1009", 23)]
    [InlineData("{ maxCost: -1 }", "RKT1010", 20)]
    [InlineData("{ layers: 1 }", "RKT1003", 11)]
    public void A_bad_constraint_is_refused_at_its_place(string constraint, string code, int column) =>
        Refused($"{ManifestText.Minimal}\n    constraints:\n      - {constraint}", code, 10, column);

    private static RocketException Refused(string text, string code, int? line, int? column)
    {
        RocketException error = Assert.Throws<RocketException>(() => ManifestReader.Parse(text, "rocket.yaml"));
        Assert.Equal(code, error.Code);
        Assert.Equal("rocket.yaml", error.Location!.File);
        Assert.True((line ?? error.Location.Line, column ?? error.Location.Column) == (error.Location.Line, error.Location.Column), error.ToCanonicalString());
        return error;
    }
}
