using System.Globalization;
using System.Text;
using System.Text.Json;
using Rocket.Pipeline.Reporting;

namespace Rocket.Quality;

/// <summary>What was measured, as Markdown for people and JSON for programs.</summary>
/// <param name="folder">Where <c>quality.md</c> and <c>quality.json</c> go; written anew after every artifact, so that a stopped run leaves what it has.</param>
internal sealed class StudyReport(string folder)
{
    private const string Nats = "0.00000";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly StringBuilder _markdown = new("# Quality\n\nRise of the nll over dense, nats a token, beside the plan's predicted loss.\n");
    private readonly List<Measurement> _all = [];

    /// <summary>Adds a study.</summary>
    /// <param name="model">The model.</param>
    /// <param name="title">What was studied.</param>
    /// <param name="measurements">Its artifacts.</param>
    /// <param name="inOneUnit">Whether all predictions are in one unit, so that their ranks may be compared.</param>
    public void Add(StudyModel model, string title, IEnumerable<Measurement> measurements, bool inOneUnit)
    {
        List<Measurement> measured = [];
        string[] texts = [.. model.Texts.Select(text => text.Name)];
        string[] columns = ["method", "budget", "removed", "bytes", "predicted", .. texts];
        _markdown.Append(CultureInfo.InvariantCulture, $"\n## {model.Name}: {title}\n\nCalibration {model.Samples} x {model.SequenceLength} tokens, seed {model.Seed}; {model.Windows} windows of {model.SequenceLength} of {string.Join(", ", model.Texts.Select(text => $"{text.Name} = `{Path.GetFileName(Path.GetDirectoryName(text.Path))}/{Path.GetFileName(text.Path)}`"))}.\n\n");
        Row(columns);
        Row(columns.Select(_ => "---"));
        foreach (Measurement one in measurements)
        {
            measured.Add(one);
            _all.Add(one);
            Row([one.Variant, one.Budget, Text(one.RemovedShare, "0.000"), one.Bytes.ToString(CultureInfo.InvariantCulture), Text(one.Predicted, Nats), .. texts.Select(text => Text(one.Rises[text], Nats))]);
            Write();
        }

        foreach (string text in inOneUnit ? texts : [])
        {
            string chart = $"{model.Name}-{title.Replace(' ', '-')}-{text}.svg";
            File.WriteAllText(Path.Combine(folder, chart), ScatterChart.Draw(text, [.. measured.Select(one => (one.Predicted, one.Rises[text]))]));
            double correlation = RankCorrelation.Of([.. measured.Select(one => one.Predicted)], [.. measured.Select(one => one.Rises[text])]) ?? double.NaN;
            _markdown.Append(CultureInfo.InvariantCulture, $"\nRank correlation of predicted loss and rise on {text}: {Text(correlation, "0.000")} ({measured.Count} artifacts, [chart]({chart})).\n");
        }

        Write();
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private void Row(IEnumerable<string> cells) => _markdown.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private void Write()
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "quality.md"), _markdown.ToString());
        File.WriteAllText(Path.Combine(folder, "quality.json"), JsonSerializer.Serialize(_all, Json) + "\n");
    }
}
