using System.Globalization;
using Rocket.Compression.Factorization;
using Spectre.Console;

namespace Rocket.Tool.Output;

/// <summary>A plan: a row a block, a column a linear; kept share with k/s, or dense.</summary>
internal static class PlanTable
{
    /// <summary>What the cells say.</summary>
    public const string Legend = "bar and number: kept share, percent; k/s: a dictionary with its atoms / coefficients a column; without: the weight itself with entries removed; or dense (100); 4b: in 4-bit codes";

    private const int BarWidth = 4;

    // What a bar of codes is drawn against.
    private const double SourceBits = 16;

    // Narrower terminals fold a table of seven linears whose cells say more than the share.
    private const int WideTerminal = 120;

    /// <summary>The table of a plan.</summary>
    /// <param name="console">The terminal that shows it: how wide it is decides how much a cell says.</param>
    /// <param name="cells">The plan's linears.</param>
    public static Table Create(IAnsiConsole console, IReadOnlyCollection<PlanCell> cells)
    {
        bool isWide = console.Profile.Width >= WideTerminal;
        IReadOnlyList<string> columns = LinearLabel.Columns(cells.Select(cell => cell.Linear));
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn(isWide ? "block" : "").RightAligned().Padding(0, 0, 0, 0).NoWrap());
        foreach (string column in columns)
        {
            string name = isWide ? column : column.Replace("_proj", "", StringComparison.Ordinal);
            table.AddColumn(new TableColumn(new Text(Printable.Line(name))).LeftAligned().Padding(isWide ? 2 : 1, 0, 0, 0).NoWrap());
        }

        foreach (IGrouping<string, PlanCell> row in cells.GroupBy(cell => cell.Row))
        {
            ILookup<string, PlanCell> byColumn = row.ToLookup(cell => cell.Column);
            table.AddRow([new Text(Printable.Line(row.Key)), .. columns.Select(column => new Text(string.Join(' ', byColumn[column].Select(cell => Describe(cell, isWide, console.Profile.Capabilities.Unicode)))))]);
        }

        return table;
    }

    private static string Describe(PlanCell cell, bool isWide, bool isUnicode)
        => cell is { Form: "dense", Bits: { } width } ? $"{Bars.Of(width / SourceBits, BarWidth, isUnicode)} {width}b"
            : cell.Bits is { } bits ? $"{DescribeForm(cell, isWide, isUnicode)} {bits}b"
            : DescribeForm(cell, isWide, isUnicode);

    private static string DescribeForm(PlanCell cell, bool isWide, bool isUnicode)
    {
        double share = (double)cell.Parameters / cell.DenseParameters;
        string bar = Bars.Of(share, BarWidth, isUnicode);
        return cell.Form == "dense" ? isWide ? $"{bar} dense" : $"{bar} 100"
            : cell is { Form: DictionaryOption.FormName } && isWide ? string.Create(CultureInfo.InvariantCulture, $"{bar} {100 * share,3:0} {cell.K}/{cell.S}")
            : string.Create(CultureInfo.InvariantCulture, $"{bar} {100 * share,3:0}");
    }
}
