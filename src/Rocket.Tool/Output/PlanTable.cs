using System.Globalization;
using Rocket.Compression.Factorization;
using Spectre.Console;

namespace Rocket.Tool.Output;

/// <summary>A plan: a row a block, a column a linear; kept share with k/s, or dense.</summary>
internal static class PlanTable
{
    public const string Legend = "kept share; k/s: a dictionary with its atoms / coefficients a column; without: the weight itself with entries removed; or dense";

    public static Table Create(IReadOnlyCollection<PlanCell> cells)
    {
        IReadOnlyList<string> columns = LinearLabel.Columns(cells.Select(cell => cell.Linear));
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

    private static string Describe(PlanCell cell) => cell.Form switch
    {
        "dense" => cell.Form,
        DictionaryOption.FormName => string.Create(CultureInfo.InvariantCulture, $"{100.0 * cell.Parameters / cell.DenseParameters:0}% {cell.K}/{cell.S}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{100.0 * cell.Parameters / cell.DenseParameters:0}%"),
    };
}
