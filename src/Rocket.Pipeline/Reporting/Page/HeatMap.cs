using System.Globalization;
using System.Text;
using System.Xml.Linq;
using static Rocket.Pipeline.Reporting.Page.Html;

namespace Rocket.Pipeline.Reporting.Page;

/// <summary>A table of block by linear whose cells are coloured by their value, and say it.</summary>
internal static class HeatMap
{
    private static readonly CompositeFormat Share = CompositeFormat.Parse("--v:{0:0.##}%");

    /// <summary>Draws one map.</summary>
    /// <param name="caption">What the cells tell.</param>
    /// <param name="linears">The plan; experts of one block share a cell.</param>
    /// <param name="cell">Colour from 0 to 1 and text of the linears of one cell.</param>
    public static XElement Create(string caption, IReadOnlyCollection<LinearPart> linears, Func<IReadOnlyCollection<LinearPart>, (double Share, string Text)> cell)
    {
        IReadOnlyList<string> columns = LinearLabel.Columns(linears.Select(linear => linear.Name));
        return ScrollingTable(
            caption,
            "heat",
            Element("thead", Element("tr", ColumnHead("block"), columns.Select(column => Element("th", Attribute("scope", "col"), Short(column))))),
            Element("tbody", linears.GroupBy(linear => linear.Block).OrderBy(block => block.Key).Select(block =>
            {
                ILookup<string, LinearPart> byColumn = block.ToLookup(linear => LinearLabel.Column(linear.Name));
                return Element("tr", RowHead(block.Key.ToString(CultureInfo.InvariantCulture)), columns.Select(column => Cell([.. byColumn[column]], cell)));
            })));
    }

    private static XElement Cell(LinearPart[] linears, Func<IReadOnlyCollection<LinearPart>, (double Share, string Text)> cell)
    {
        if (linears.Length == 0)
        {
            return Element("td", "");
        }

        (double share, string text) = cell(linears);
        return Element("td", Attribute("style", string.Format(CultureInfo.InvariantCulture, Share, Math.Clamp(share, 0, 1) * 100)), Attribute("title", Title(linears)), text);
    }

    private static string Title(LinearPart[] linears) => linears is [var one]
        ? $"{one.Name}: {one.Form}, {Amounts.Count(one.Parameters)} of {Amounts.Count(one.DenseParameters)} parameters{(one.K is { } k ? $", k {k}" : "")}{(one.S is { } s ? $", s {s}" : "")}"
        : $"{linears.Length} linears like {linears[0].Name}: {Amounts.Count(linears.Sum(linear => linear.Parameters))} of {Amounts.Count(linears.Sum(linear => linear.DenseParameters))} parameters";

    // A phone has room for q, k, v; the ending is the same for all.
    private static object[] Short(string column)
    {
        const string Ending = "_proj";
        int at = column.IndexOf(Ending, StringComparison.Ordinal);
        return at < 0 ? [column] : [column[..at], Element("span", Class("ending"), Ending), column[(at + Ending.Length)..]];
    }
}
