using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using static Rocket.Pipeline.Reporting.Page.Html;

namespace Rocket.Pipeline.Reporting.Page;

/// <summary>Heat maps of block by linear: where the budget went.</summary>
internal static class PlanSection
{
    public static XElement? Create(ImmutableArray<ReportBudget> budgets)
    {
        ReportBudget[] planned = [.. budgets.Where(budget => budget.Artifact is not null)];
        return planned.Length == 0
            ? Section("plan", "Where the budget went", Element("p", "The artifacts are not beside their records any more."))
            : Section(
                "plan",
                "Where the budget went",
                Element("p", Class("note"), "A row a block, a column a linear. ", Element("b", "Kept"), " is the share of a weight's parameters that the plan keeps, in percent; ", Element("b", "dense"), " weights are untouched. The darker (on dark pages: the brighter), the more."),
                Element("fieldset", Class("choice"), Element("legend", "Budget"), planned.Select((budget, i) => Choice(budget, i, planned.Length))),
                planned.Select(Panel));
    }

    /// <summary>Shows the panel of the chosen budget alone; a browser that cannot shows all of them.</summary>
    public static string Style(ImmutableArray<ReportBudget> budgets)
    {
        int count = budgets.Count(budget => budget.Artifact is not null);
        var style = new StringBuilder("@supports selector(:has(a)){@media screen{.panel{display:none}");
        for (int i = 0; i < count; i++)
        {
            style.Append(CultureInfo.InvariantCulture, $"#plan:has(#b{i}:checked) #panel{i}{(i < count - 1 ? "," : "{display:block}")}");
        }

        return style.Append("}}\n").ToString();
    }

    private static XElement Choice(ReportBudget budget, int index, int count) => Element(
        "label",
        Element("input", Attribute("type", "radio"), Attribute("name", "budget"), Attribute("id", $"b{index}"), index == count - 1 ? Attribute("checked", "checked") : null),
        Element("span", budget.Name));

    private static XElement Panel(ReportBudget budget, int index)
    {
        PlanPart plan = budget.Artifact!.Plan;
        ImmutableArray<LinearPart> linears = plan.Linears;
        return Element(
            "div",
            Class("panel"),
            Attribute("id", $"panel{index}"),
            Element("h3", $"{budget.Name}: {Summary(plan)}"),
            Element(
                "div",
                Class("maps"),
                HeatMap.Create($"{budget.Name}: kept share of parameters, percent", linears, Kept),
                linears.Any(linear => linear.K is not null) ? HeatMap.Create($"{budget.Name}: rank, atoms of the dictionary or the whole weight's", linears, Rank) : null,
                linears.Any(linear => linear.Bits is not null) ? HeatMap.Create($"{budget.Name}: bits a stored value", linears, Bits) : null),
            linears.Any(linear => linear.K is not null) ? null : Element("p", Class("note"), "No linear of this plan has a dictionary: every weight keeps its full rank."));
    }

    private static string Summary(PlanPart plan)
    {
        string[] forms = [.. plan.Linears.GroupBy(linear => linear.Form).OrderByDescending(form => form.Count()).ThenBy(form => form.Key, StringComparer.Ordinal).Select(form => $"{form.Count()} {form.Key}")];
        string proof = plan.Proven ? "proven optimal" : $"within {Figures.Percent((plan.Cost - plan.Bound) / Math.Abs(plan.Bound), "0.####")} of the optimum";
        return $"{string.Join(", ", forms)}; {proof}";
    }

    private static (double Share, string Text) Kept(IReadOnlyCollection<LinearPart> linears)
    {
        double share = (double)linears.Sum(linear => linear.Parameters) / linears.Sum(linear => linear.DenseParameters);
        return (share, linears.All(linear => linear.IsDense) ? "dense" : Figures.Number(share * 100, "0"));
    }

    private static (double Share, string Text) Rank(IReadOnlyCollection<LinearPart> linears)
    {
        double rank = linears.Average(linear => linear.Rank);
        return (rank / linears.Average(linear => linear.FullRank), Figures.Number(rank, "0"));
    }

    private static (double Share, string Text) Bits(IReadOnlyCollection<LinearPart> linears)
    {
        const double Widest = 16;
        LinearPart[] known = [.. linears.Where(linear => linear.Bits is not null)];
        return known.Length == 0 ? (0, "–") : (known.Average(linear => linear.Bits!.Value) / Widest, Figures.Number(known.Average(linear => linear.Bits!.Value), "0.#"));
    }
}
