using System.Collections.Immutable;
using System.Xml.Linq;
using static Rocket.Pipeline.Reporting.Page.Html;

namespace Rocket.Pipeline.Reporting.Page;

/// <summary>A card a budget, and the sizes both ways as a table.</summary>
internal static class GlanceSection
{
    public static XElement Create(ImmutableArray<ReportBudget> budgets) => Section(
        "glance",
        "What each budget gives",
        Element("ul", Class("cards"), budgets.Select(Card)),
        ScrollingTable("Sizes both ways: the paper's count of what the compressible linears keep, and all bytes of *.safetensors, headers and masks included", "numbers", Head(), Element("tbody", Dense(budgets[0].Record), budgets.Select(Row))));

    private static XElement Card(ReportBudget budget)
    {
        TextPart? text = budget.Record.Evaluation.Perplexity.FirstOrDefault();
        return Element(
            "li",
            Class("card"),
            Element("h3", budget.Name),
            Element("p", Class("big"), Figures.Percent(budget.ByteShare), Element("span", Class("unit"), " of the bytes")),
            Element("div", Class("meter"), Attribute("aria-hidden", "true"), Element("div", Attribute("style", $"width:{Figures.Width(budget.ByteShare)}"))),
            Element(
                "dl",
                Fact("true bytes", Figures.Size(budget.Record.Bytes)),
                text is null ? null : Fact("rise, nats", Figures.Rise(text.Rise)),
                text is null && budget.Predicted is { } predicted ? Fact("predicted, nats", Figures.Rise(predicted)) : null,
                text is null ? null : Fact("perplexity", $"{Figures.Number(text.Compressed.Perplexity, "0.00")}")));
    }

    private static XElement[] Fact(string name, string value) => [Element("dt", name), Element("dd", value)];

    private static XElement Head() => Element("thead", Element(
        "tr",
        ColumnHead("budget"),
        ColumnHead("removed", "number"),
        ColumnHead("parameters kept", "number"),
        ColumnHead("true bytes", "number"),
        ColumnHead("of dense", "number"),
        ColumnHead("predicted loss, nats", "number")));

    private static XElement Dense(RunFile record)
        => Element("tr", RowHead("dense"), NumberCell(Figures.Percent(0)), NumberCell(Amounts.Count(record.LinearParameters)), NumberCell(Amounts.Count(record.SourceBytes)), NumberCell(Figures.Percent(1)), NumberCell("0"));

    private static XElement Row(ReportBudget budget) => Element(
        "tr",
        RowHead(budget.Name),
        NumberCell(Figures.Percent(budget.Record.RemovedShare)),
        NumberCell(Amounts.Count(budget.Record.KeptParameters)),
        NumberCell(Amounts.Count(budget.Record.Bytes)),
        NumberCell(Figures.Percent(budget.ByteShare)),
        NumberCell(budget.Predicted is { } predicted ? Figures.Rise(predicted) : "–"));
}
