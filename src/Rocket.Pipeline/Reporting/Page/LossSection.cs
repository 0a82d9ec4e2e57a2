using System.Collections.Immutable;
using System.Xml.Linq;
using Rocket.Pipeline.Reporting.Charts;
using static Rocket.Pipeline.Reporting.Page.Html;

namespace Rocket.Pipeline.Reporting.Page;

/// <summary>Predicted and measured loss against true bytes.</summary>
internal static class LossSection
{
    private const int MostTexts = 4;

    // The style sheet shows the one that fits: text keeps its size on every screen.
    private static readonly (int Width, int Height)[] Pictures = [(1040, 400), (640, 360), (342, 300)];

    public static XElement Create(ImmutableArray<ReportBudget> budgets)
    {
        (double Bytes, string Name) unit = Figures.Units.First(one => budgets[0].Record.SourceBytes >= one.Bytes);
        ImmutableArray<Series> series = [.. Predicted(budgets, unit), .. Measured(budgets, unit)];
        if (series.IsEmpty)
        {
            return Section("loss", "Loss against size", Element("p", "Nothing was measured, and no prediction is in nats a token. Name a text under ", Element("code", "evaluate"), " in the manifest."));
        }

        var chart = new LossChart(series, [.. budgets.Select(budget => (budget.Name, budget.Record.Bytes / unit.Bytes)), ("dense", budgets[0].Record.SourceBytes / unit.Bytes)], unit);
        string label = $"Line chart of {string.Join(" and ", series.Select(line => line.Name))} against true bytes; the tables hold the same numbers.";
        return Section(
            "loss",
            "Loss against size",
            Element(
                "figure",
                Element("ul", Class("legend"), series.Select(line => Element("li", Class(line.Style), line.Name))),
                Pictures.Select(picture => chart.Draw(picture.Width, picture.Height, label)),
                Element("figcaption", Captions(budgets).Select(sentence => Element("p", sentence)))));
    }

    private static string[] Texts(ImmutableArray<ReportBudget> budgets)
        => [.. budgets.SelectMany(budget => budget.Record.Evaluation.Perplexity.Select(text => text.Text)).Distinct().Take(MostTexts)];

    private static IEnumerable<Series> Measured(ImmutableArray<ReportBudget> budgets, (double Bytes, string Name) unit)
        => Texts(budgets).Select((name, i) => new Series(
            $"measured on {Path.GetFileName(name)}",
            $"measured{i + 1}",
            Lines(budgets, unit, Pairs(budgets, name).Select(pair => (pair.Budget, pair.Text.Rise, $"{pair.Budget.Name}: {Figures.Rise(pair.Text.Rise)} nats on {name}, {Figures.Size(pair.Budget.Record.Bytes)}")))));

    private static IEnumerable<Series> Predicted(ImmutableArray<ReportBudget> budgets, (double Bytes, string Name) unit)
    {
        ReportBudget[] known = [.. budgets.Where(budget => budget.Predicted is not null)];
        if (known.Length > 0)
        {
            yield return new Series(
                "predicted",
                "predicted",
                Lines(budgets, unit, known.Select(budget => (budget, budget.Predicted!.Value, $"{budget.Name}: {Figures.Rise(budget.Predicted.Value)} nats predicted, {Figures.Size(budget.Record.Bytes)}"))));
        }
    }

    // A line a kind of values, each from the dense model on.
    private static ImmutableArray<ImmutableArray<(double X, double Y, string Label)>> Lines(
        ImmutableArray<ReportBudget> budgets, (double Bytes, string Name) unit, IEnumerable<(ReportBudget Budget, double Loss, string Label)> points)
        =>
        [
            .. points.GroupBy(point => point.Budget.HasCodes).OrderBy(kind => kind.Key).Select(kind => kind
                .Select(point => (X: point.Budget.Record.Bytes / unit.Bytes, Y: point.Loss, point.Label))
                .Append(DensePoint(budgets, unit))
                .OrderBy(point => point.X)
                .ToImmutableArray()),
        ];

    private static (double X, double Y, string Label) DensePoint(ImmutableArray<ReportBudget> budgets, (double Bytes, string Name) unit)
        => (budgets[0].Record.SourceBytes / unit.Bytes, 0, $"dense: {Figures.Size(budgets[0].Record.SourceBytes)}");

    private static IEnumerable<(ReportBudget Budget, TextPart Text)> Pairs(ImmutableArray<ReportBudget> budgets, string name)
        => budgets.SelectMany(budget => budget.Record.Evaluation.Perplexity.Where(text => text.Text == name).Select(text => (budget, text)));

    private static IEnumerable<string> Captions(ImmutableArray<ReportBudget> budgets)
    {
        yield return "Predicted is the sum that the knapsack minimises: second order, from calibration statistics alone. Measured is the rise of the negative log-likelihood over the dense model on text that the calibration did not see.";
        foreach (string name in Texts(budgets))
        {
            (double Predicted, double Measured)[] pairs = [.. Pairs(budgets, name).Where(pair => pair.Budget.Predicted is not null).Select(pair => (pair.Budget.Predicted!.Value, pair.Text.Rise))];
            if (RankCorrelation.Of([.. pairs.Select(pair => pair.Predicted)], [.. pairs.Select(pair => pair.Measured)]) is { } correlation)
            {
                yield return $"Rank correlation (Spearman) of predicted and measured loss on {Path.GetFileName(name)}, {pairs.Length} budgets: {Figures.Number(correlation, "0.00")}.";
            }
        }
    }
}
