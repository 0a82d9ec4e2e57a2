using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using static Rocket.Pipeline.Reporting.Page.Html;

namespace Rocket.Pipeline.Reporting.Page;

/// <summary>Where the artifacts come from: what someone needs who wants to make them again.</summary>
internal static class OriginSection
{
    public static XElement Create(ImmutableArray<ReportBudget> budgets)
    {
        ProvenanceFile[] artifacts = [.. budgets.Select(budget => budget.Artifact).OfType<ProvenanceFile>()];
        return Section(
            "origin",
            "Where it comes from",
            artifacts.Length == 0 ? Element("p", "The artifacts are not beside their records any more.") : Element("dl", Class("origin"), Facts(artifacts)),
            artifacts.Length == 0 ? null : Element("p", Class("note"), "The same source, text, settings and method give the same artifact, byte for byte. Each artifact's ", Element("code", "rocket.json"), " has the whole plan."));
    }

    // Artifacts of one model mostly agree; where they do not, all values are told.
    private static IEnumerable<XElement> Facts(ProvenanceFile[] artifacts)
    {
        foreach ((string name, Func<ProvenanceFile, string?> value) in new (string, Func<ProvenanceFile, string?>)[]
        {
            ("method", artifact => artifact.Method is { } method ? string.Join(", ", new[] { method, artifact.Plan.Correction is { } correction ? $"{correction} correction" : null, artifact.Plan.Steps?.ToString() }.OfType<string>()) : null),
            ("tool", artifact => artifact.Tool is { } tool ? $"Rocket {tool}" : null),
            ("source, sha256", artifact => artifact.Source?.Digest),
            ("calibration text, sha256", artifact => Text(artifact.Calibration, "corpus")),
            ("calibration windows", artifact => artifact.Calibration is { } calibration ? $"{Text(calibration, "samples")} of {Text(calibration, "sequenceLength")} tokens, seed {Text(calibration, "seed")}" : null),
            ("calibrated on", artifact => Text(artifact.Calibration, "device")),
            ("windows run backwards", artifact => Text(artifact.Calibration, "backwardSamples")),
        })
        {
            string[] values = [.. artifacts.Select(value).OfType<string>().Distinct()];
            if (values.Length > 0)
            {
                yield return Element("dt", name);
                yield return Element("dd", string.Join("; ", values));
            }
        }
    }

    private static string? Text(JsonObject? node, string name) => node?[name]?.ToString();
}
