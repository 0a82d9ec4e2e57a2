using System.Collections.Immutable;
using System.Xml.Linq;
using static Rocket.Pipeline.Reporting.Page.Html;

namespace Rocket.Pipeline.Reporting.Page;

/// <summary>What the runs took: wall time a stage, memory, energy, emissions, and how each was had.</summary>
internal static class CostSection
{
    private const double JoulesPerWattHour = 3600;

    public static XElement Create(ImmutableArray<ReportBudget> budgets)
    {
        // Budgets of one run have its measurements in common.
        (RunPart Run, string[] Names)[] runs = [.. budgets.GroupBy(budget => Key(budget.Record.Run), StringComparer.Ordinal).Select(group => (group.First().Record.Run, group.Select(budget => budget.Name).ToArray()))];
        return Section(
            "cost",
            "What it cost",
            Element("p", Class("note"), "Each record tells of the run that wrote it; what an earlier run had left in the cache cost nothing again."),
            Element("div", Class("runs"), runs.Select(run => Create(run.Run, run.Names))));
    }

    private static string Key(RunPart run) => Artifacts.ArtifactJson.Text(Artifacts.ArtifactJson.Node(run));

    private static XElement Create(RunPart run, string[] names)
    {
        double total = run.WallSeconds.Values.Sum();
        double longest = run.WallSeconds.Values.DefaultIfEmpty(0).Max();
        return Element(
            "div",
            Class("run"),
            Element("h3", $"One run for {string.Join(", ", names)}"),
            Element(
                "dl",
                Class("facts"),
                Fact("wall time", Figures.Seconds(total)),
                Fact("peak memory", run.PeakMemory > 0 ? Figures.Size(run.PeakMemory) : "–"),
                Fact("energy", run.Energy is { } energy ? $"{Figures.Number(energy.Joules / JoulesPerWattHour, "0.###")} Wh" : "–"),
                Fact("emissions", run.Carbon is { } carbon ? $"{Figures.Number(carbon.Grams, "0.###")} g CO₂" : "–"),
                Fact("threads", Figures.Number(run.Threads, "0"))),
            Element(
                "table",
                Class("bars"),
                Element("caption", "Wall time by stage"),
                Element("thead", Class("hidden"), Element("tr", ColumnHead("stage"), ColumnHead("time"), ColumnHead("seconds"))),
                Element("tbody", run.WallSeconds.OrderByDescending(stage => stage.Value).Select(stage => Element(
                    "tr",
                    RowHead(stage.Key),
                    Element("td", Element("div", Class("bar"), Attribute("style", $"width:{Figures.Width(stage.Value / longest)}"))),
                    NumberCell(Figures.Seconds(stage.Value)))))),
            Sources(run).Select(sentence => Element("p", Class("note"), sentence)));
    }

    private static IEnumerable<string> Sources(RunPart run)
    {
        if (run.Energy is { } energy)
        {
            yield return $"Energy: {energy.Detail}";
        }

        if (run.Carbon is { } carbon)
        {
            yield return $"Emissions: {Figures.Number(carbon.GramsPerKilowattHour, "0.#")} g CO₂ a kWh, {carbon.Source}.";
        }
    }

    private static XElement Fact(string name, string value) => Element("div", Element("dt", name), Element("dd", value));
}
