using System.Collections.Immutable;
using System.Xml.Linq;
using static Rocket.Pipeline.Reporting.Page.Html;

namespace Rocket.Pipeline.Reporting.Page;

/// <summary>Name of the model, what was done to it, and the way to the sections.</summary>
internal static class HeaderSection
{
    private static readonly (string Id, string Name)[] Places =
        [("glance", "Budgets"), ("loss", "Loss"), ("quality", "Quality"), ("plan", "Plan"), ("cost", "Cost"), ("origin", "Origin"), ("load", "Load it")];

    public static XElement Create(ImmutableArray<ReportBudget> budgets)
    {
        RunFile record = budgets[0].Record;
        ProvenanceFile? artifact = budgets.Select(budget => budget.Artifact).FirstOrDefault(found => found is not null);
        string[] facts =
        [
            .. artifact?.ModelType is { } type ? [$"a {type} model"] : Array.Empty<string>(),
            $"{Amounts.Count(record.LinearParameters)} parameters in its compressible linears",
            $"{Figures.Size(record.SourceBytes)} of weights before compression",
            budgets.Length == 1 ? "1 budget" : $"{budgets.Length} budgets",
        ];
        return Element(
            "header",
            Element("p", Class("overline"), "Compression report"),
            Element("h1", record.Model),
            Element("p", Class("lead"), string.Join(" · ", facts)),
            Element(
                "nav",
                Attribute("aria-label", "Sections"),
                Element("ul", Places.Select(place => Element("li", Element("a", Attribute("href", $"#{place.Id}"), place.Name))))));
    }
}
