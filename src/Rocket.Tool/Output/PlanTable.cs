using System.Globalization;
using Rocket.Compression.Factorization;
using Spectre.Console;

namespace Rocket.Tool.Output;

/// <summary>A plan: a row a block, a column a linear; kept share with k/s, or dense.</summary>
internal static class PlanTable
{
    public const string Legend = "kept share; k/s: a dictionary with its atoms / coefficients a column; without: the weight itself with entries removed; or dense; 4b: in 4-bit codes";

    public static Table Create(IReadOnlyCollection<PlanCell> cells)
    {
        // Those of a fused weight, taken as one and part by part, stand side by side.
        string[] columns = [.. cells.Select(cell => cell.Column).Distinct().GroupBy(column => column.Split('.')[0]).SelectMany(group => group.Order(StringComparer.Ordinal))];
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("block").RightAligned());
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(new Text(Printable.Line(column))).RightAligned());
        }

        foreach (IGrouping<string, PlanCell> row in cells.GroupBy(cell => cell.Row))
        {
            ILookup<string, PlanCell> byColumn = row.ToLookup(cell => cell.Column);
            table.AddRow([new Text(Printable.Line(row.Key)), .. columns.Select(column => new Text(string.Join(' ', byColumn[column].Select(Describe))))]);
        }

        return table;
    }

    private static string Describe(PlanCell cell)
        => cell is { Form: "dense", Bits: { } width } ? $"{width}b" : cell.Bits is { } bits ? $"{DescribeForm(cell)} {bits}b" : DescribeForm(cell);

    private static string DescribeForm(PlanCell cell) => cell.Form switch
    {
        "dense" => cell.Form,
        DictionaryOption.FormName => string.Create(CultureInfo.InvariantCulture, $"{100.0 * cell.Parameters / cell.DenseParameters:0}% {cell.K}/{cell.S}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{100.0 * cell.Parameters / cell.DenseParameters:0}%"),
    };
}
