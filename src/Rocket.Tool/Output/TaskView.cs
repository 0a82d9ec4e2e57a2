using System.Globalization;
using System.Text.Json.Nodes;
using Rocket.Compression.Evaluation;
using Rocket.Pipeline.Stages;
using Spectre.Console;

namespace Rocket.Tool.Output;

/// <summary>Answers to zero-shot tasks: accuracies with their intervals, and differences to another model.</summary>
internal static class TaskView
{
    public static Table Create(IReadOnlyList<TaskResult> results, IReadOnlyList<TaskResult> others)
    {
        bool isPaired = others.Count > 0;
        Table table = new Table().Border(TableBorder.Simple).AddColumns("task", "metric");
        foreach (string column in (string[])["items", "right", "accuracy", "95 % interval", .. isPaired ? ["difference, points", "95 % interval"] : Array.Empty<string>()])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach ((TaskResult result, int i) in results.Select((result, i) => (result, i)))
        {
            foreach ((string metric, Accuracy accuracy, AccuracyDifference? difference) in Metrics(result, isPaired ? others[i] : null))
            {
                string[] cells =
                [
                    Printable.Line(Path.GetFileNameWithoutExtension(result.Task)),
                    metric,
                    Amounts.Count(accuracy.Items),
                    Amounts.Count(accuracy.Correct),
                    Amounts.Percent(accuracy.Share),
                    $"{Amounts.Percent(accuracy.Low)} to {Amounts.Percent(accuracy.High)}",
                    .. difference is null ? Array.Empty<string>() : [Points(difference.Mean), $"{Points(difference.Low)} to {Points(difference.High)}"],
                ];
                table.AddRow(cells.Select(cell => new Text(cell)));
            }
        }

        return table;
    }

    public static JsonArray ToJson(IReadOnlyList<TaskResult> results, IReadOnlyList<TaskResult> others) => [.. results.Select((result, i) =>
    {
        var node = new JsonObject { ["task"] = result.Task, ["items"] = result.Answers.Right.Length };
        foreach ((string metric, Accuracy accuracy, AccuracyDifference? difference) in Metrics(result, others.Count > 0 ? others[i] : null))
        {
            JsonObject told = JsonOutput.Node(accuracy).AsObject();
            if (difference is not null)
            {
                told["difference"] = JsonOutput.Node(difference);
            }

            node[metric] = told;
        }

        return (JsonNode)node;
    })];

    private static IEnumerable<(string Metric, Accuracy Accuracy, AccuracyDifference? Difference)> Metrics(TaskResult result, TaskResult? other)
    {
        yield return ("acc", result.Answers.Accuracy, other is null ? null : AccuracyDifference.Of(result.Answers.Right, other.Answers.Right));
        if (result.HasChoices)
        {
            yield return ("acc_norm", result.Answers.NormalizedAccuracy, other is null ? null : AccuracyDifference.Of(result.Answers.RightNormalized, other.Answers.RightNormalized));
        }
    }

    private static string Points(double difference) => (100 * difference).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);
}
