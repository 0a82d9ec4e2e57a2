using System.Text.RegularExpressions;

namespace Rocket.Pipeline.Tests.Diagnostics;

public sealed partial class DiagnosticsDocumentTests
{
    [Fact]
    public void Every_code_of_the_source_is_made_at_one_place()
    {
        Assert.Empty(SourceCodes().GroupBy(code => code).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void The_document_lists_every_code_of_the_source_and_no_other_in_order()
    {
        string document = File.ReadAllText(Path.Combine(SharedData.Repository(), "docs", "diagnostics.md"));
        string[] listed = [.. Row().Matches(document).Select(row => row.Groups[1].Value)];

        Assert.Equal(SourceCodes().Distinct().Order(StringComparer.Ordinal), listed);
    }

    private static string[] SourceCodes() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(SharedData.Repository(), "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == "Diagnostics")
            .SelectMany(file => Code().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value),
    ];

    [GeneratedRegex("""
        "(RKT\d{4})"
        """)]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| (RKT\d{4}) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
