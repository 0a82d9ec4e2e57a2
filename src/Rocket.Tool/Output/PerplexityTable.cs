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
        foreach (string column in (string[])["tokens", "windows", "nll, nats", "perplexity", "word perplexity", "byte perplexity", "bits a byte"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        TextPerplexity[] all = [.. results];
        bool isCompared = all.Any(text => text.Result.Agreement is not null);
        if (isCompared)
        {
            table.AddColumns(new TableColumn("same top token").RightAligned(), new TableColumn("KL, nats").RightAligned());
        }

        foreach (TextPerplexity text in all)
        {
            PerplexityResult result = text.Result;
            List<Text> cells =
            [
                new Text(Printable.Line(text.Text)),
                new Text(Amounts.Count(result.Tokens)),
                new Text($"{result.Windows} x {result.Length}"),
                new Text(Number(result.Nll, "0.00000")),
                new Text(Number(result.Perplexity, "0.000")),
                new Text(Number(result.WordPerplexity, "0.000")),
                new Text(Number(result.BytePerplexity, "0.0000")),
                new Text(Number(result.BitsPerByte, "0.0000")),
            ];
            if (isCompared)
            {
                cells.Add(new Text(result.Agreement is { } agreement ? Amounts.Percent(agreement.Top1) : "-"));
                cells.Add(new Text(Number(result.Agreement?.KullbackLeibler, "0.00000")));
            }

            table.AddRow(cells);
        }

        return table;
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
