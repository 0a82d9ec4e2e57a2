using System.Collections.Immutable;
using System.Xml.Linq;
using Rocket.Compression.Evaluation;
using static Rocket.Pipeline.Reporting.Page.Html;

namespace Rocket.Pipeline.Reporting.Page;

/// <summary>Perplexities, agreement with dense, and the accuracies of tasks with their intervals.</summary>
internal static class QualitySection
{
    public static XElement Create(ImmutableArray<ReportBudget> budgets)
    {
        string[] texts = [.. budgets.SelectMany(budget => budget.Record.Evaluation.Perplexity.Select(text => text.Text)).Distinct()];
        (string Task, string Metric)[] tasks = [.. budgets.SelectMany(budget => budget.Record.Evaluation.Tasks.Select(task => (task.Task, task.Metric))).Distinct()];
        return Section(
            "quality",
            "Quality",
            texts.Length + tasks.Length == 0 ? Element("p", "Nothing was measured.") : null,
            texts.Select(text => Perplexities(budgets, text)),
            tasks.Length == 0 ? null : Element("h3", "Zero-shot tasks"),
            tasks.Length == 0 ? null : Element("p", Class("note"), "The dot is the share of right answers, the bar its 95 % interval (Wilson), the line the dense model. The difference is paired, item by item, in percentage points, with its 95 % interval."),
            tasks.Length == 0 ? null : Element("div", Class("tasks"), tasks.Select(task => Accuracies(budgets, task.Task, task.Metric))));
    }

    private static XElement Perplexities(ImmutableArray<ReportBudget> budgets, string name)
    {
        (string Name, TextPart Text)[] rows = [.. budgets.SelectMany(budget => budget.Record.Evaluation.Perplexity.Where(text => text.Text == name).Select(text => (budget.Name, text)))];
        PerplexityResult dense = rows[0].Text.Dense;
        bool hasAgreement = rows.Any(row => row.Text.Compressed.Agreement is not null);
        return ScrollingTable(
            $"{name}: {Amounts.Count(dense.PredictedTokens)} predicted tokens in {dense.Windows} windows of {dense.Length}",
            "numbers",
            Element("thead", Element(
                "tr",
                ColumnHead("budget"),
                ColumnHead("loss, nats a token", "number"),
                ColumnHead("rise", "number"),
                ColumnHead("perplexity, token", "number"),
                ColumnHead("word", "number"),
                ColumnHead("byte", "number"),
                ColumnHead("bits a byte", "number"),
                hasAgreement ? ColumnHead("same top token", "number") : null,
                hasAgreement ? ColumnHead("KL to dense, nats", "number") : null)),
            Element("tbody", Row("dense", dense, "0", hasAgreement), rows.Select(row => Row(row.Name, row.Text.Compressed, Figures.Rise(row.Text.Rise), hasAgreement))));
    }

    private static XElement Row(string name, PerplexityResult result, string rise, bool hasAgreement) => Element(
        "tr",
        RowHead(name),
        NumberCell(Figures.Number(result.Nll, "0.0000")),
        NumberCell(rise),
        NumberCell(Figures.Number(result.Perplexity, "0.000")),
        NumberCell(Figures.Number(result.WordPerplexity, "0.00")),
        NumberCell(Figures.Number(result.BytePerplexity, "0.000")),
        NumberCell(Figures.Number(result.BitsPerByte, "0.0000")),
        hasAgreement ? NumberCell(result.Agreement is { } top ? Figures.Percent(top.Top1) : "–") : null,
        hasAgreement ? NumberCell(result.Agreement is { } divergence ? Figures.Number(divergence.KullbackLeibler, "0.0000") : "–") : null);

    private static XElement Accuracies(ImmutableArray<ReportBudget> budgets, string task, string metric)
    {
        (string Name, TaskPart Part)[] rows = [.. budgets.SelectMany(budget => budget.Record.Evaluation.Tasks.Where(part => part.Task == task && part.Metric == metric).Select(part => (budget.Name, part)))];
        Accuracy dense = rows[0].Part.Dense;
        double least = Math.Floor(rows.Select(row => row.Part.Compressed.Low).Append(dense.Low).Min() * 10) / 10;
        double most = Math.Ceiling(rows.Select(row => row.Part.Compressed.High).Append(dense.High).Max() * 10) / 10;
        string title = $"{Path.GetFileNameWithoutExtension(task)}, {metric}";
        return Element(
            "div",
            Class("task"),
            ScrollingTable(
                $"{title}, {Amounts.Count(dense.Items)} items",
                "intervals",
                Element("thead", Element("tr", ColumnHead("budget"), Element("th", Attribute("scope", "col"), Element("span", Class("ends"), Element("span", Figures.Percent(least, "0")), Element("span", Figures.Percent(most, "0"))), Element("span", Class("hidden"), "interval")), ColumnHead("accuracy", "number"), ColumnHead("difference", "number"))),
                Element(
                    "tbody",
                    Interval("dense", dense, dense, null, least, most),
                    rows.Select(row => Interval(row.Name, row.Part.Compressed, dense, row.Part.Difference, least, most)))));
    }

    private static XElement Interval(string name, Accuracy accuracy, Accuracy dense, AccuracyDifference? difference, double least, double most)
    {
        return Element(
            "tr",
            RowHead(name),
            Element("td", Class("track"), Element(
                "div",
                Attribute("aria-hidden", "true"),
                Element("i", Class("reference"), Attribute("style", $"left:{At(dense.Share)}")),
                Element("i", Class("whisker"), Attribute("style", $"left:{At(accuracy.Low)};right:{Figures.Width(1 - ((accuracy.High - least) / (most - least)))}")),
                Element("i", Class("dot"), Attribute("style", $"left:{At(accuracy.Share)}"))),
                Element("span", Class("hidden"), $"{Figures.Percent(accuracy.Low)} to {Figures.Percent(accuracy.High)}")),
            Element("td", Class("number"), Figures.Percent(accuracy.Share)),
            Element("td", Class("number"), Difference(difference)));

        static object[] Difference(AccuracyDifference? difference) => difference is null
            ? []
            : [$"{Figures.Points(difference.Mean)} ", Element("span", Class("nowrap"), $"[{Figures.Points(difference.Low)}, {Figures.Points(difference.High)}]")];

        string At(double share) => Figures.Width((share - least) / (most - least));
    }
}
