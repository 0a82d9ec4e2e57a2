using System.Globalization;
using Rocket.Compression.Evaluation;
using Rocket.Pipeline.Stages;
using Spectre.Console;

namespace Rocket.Tool.Output;

/// <summary>Perplexities by text.</summary>
internal static class PerplexityTable
{
    public static Table Create(IEnumerable<TextPerplexity> results)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("text");
        foreach (string column in (string[])["tokens", "windows", "nll, nats", "perplexity", "word perplexity", "bits a byte"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (TextPerplexity text in results)
        {
            PerplexityResult result = text.Result;
            table.AddRow(
                new Text(Printable.Line(text.Text)),
                new Text(Amounts.Count(result.Tokens)),
                new Text($"{result.Windows} x {result.Length}"),
                new Text(Number(result.Nll, "0.00000")),
                new Text(Number(result.Perplexity, "0.000")),
                new Text(Number(result.WordPerplexity, "0.000")),
                new Text(Number(result.BitsPerByte, "0.0000")));
        }

        return table;
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
