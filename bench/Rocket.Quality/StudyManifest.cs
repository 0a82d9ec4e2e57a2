using System.Globalization;
using System.Text;

namespace Rocket.Quality;

/// <summary>Writes the manifests of a study.</summary>
internal sealed class StudyManifest
{
    private readonly StringBuilder _text = new("version: 1\nmodels:\n");

    /// <summary>Adds a model.</summary>
    /// <param name="name">Its name in the manifest.</param>
    /// <param name="model">What it is.</param>
    /// <param name="corpus">The value of <c>corpus</c>.</param>
    /// <param name="texts">What it is measured on; none: not at all.</param>
    /// <param name="keys">Further keys of the model, a line each.</param>
    /// <param name="budgets">Its budgets, each a flow mapping.</param>
    public StudyManifest Add(string name, StudyModel model, string corpus, IReadOnlyCollection<StudyText> texts, IEnumerable<string> keys, IEnumerable<string> budgets)
    {
        Line(2, $"- name: {name}");
        Line(4, $"source: {Quote(model.Source)}");
        Line(4, string.Create(CultureInfo.InvariantCulture, $"calibration: {{ corpus: {corpus}, samples: {model.Samples}, sequenceLength: {model.SequenceLength}, seed: {model.Seed} }}"));
        if (texts.Count > 0)
        {
            Line(4, string.Create(CultureInfo.InvariantCulture, $"evaluate: {{ perplexity: [ {string.Join(", ", texts.Select(text => Quote(text.Path)))} ], windows: {model.Windows}, sequenceLength: {model.SequenceLength}, agreement: false }}"));
        }

        keys.ToList().ForEach(key => Line(4, key));
        Line(4, "budgets:");
        budgets.ToList().ForEach(budget => Line(6, $"- {budget}"));
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>A text as YAML reads it back.</summary>
    public static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private void Line(int indent, string text) => _text.Append(' ', indent).Append(text).Append('\n');
}
