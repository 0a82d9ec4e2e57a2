namespace Rocket.Tool.Tests.Execution;

/// <summary>A project that compresses the 260K model with settings so small that a cold build takes seconds.</summary>
internal static class Stories
{
    public const string Name = "stories";

    /// <summary>Where the manifest names the source: errors of the checkpoint are told there.</summary>
    public const string SourcePlace = "rocket.yaml(4,13)";

    /// <summary>Text that the calibration does not see.</summary>
    public static string EvaluationText => SharedData.PathOf("corpora", "tinystories", "evaluation.txt");

    /// <summary>The source model.</summary>
    public static string Source => SharedData.PathOf("models", "stories260k");

    /// <summary>Writes the manifest.</summary>
    /// <param name="folder">The project's folder.</param>
    /// <param name="budgets">Percentages to remove; each becomes a budget named after it.</param>
    /// <param name="source">Another source.</param>
    /// <param name="corpus">Another corpus.</param>
    /// <param name="samples">Other calibration windows.</param>
    /// <param name="evaluate">Whether the manifest asks for perplexity.</param>
    /// <param name="groups">Groups of calibration windows.</param>
    public static string WriteManifest(
        TemporaryFolder folder, int[] budgets, string? source = null, string? corpus = null, int samples = 16, bool evaluate = false, int groups = 1)
    {
        string lines = string.Concat(budgets.Select(budget => $"      - {{ name: r{budget}, remove: {budget}% }}\n"));
        string more = groups == 1 ? "" : $"\n      groups: {groups}";
        string text = evaluate ? $"    evaluate: {{ perplexity: [ \"{EvaluationText}\" ], windows: 4, sequenceLength: 128 }}\n" : "";
        return folder.Write(
            "rocket.yaml",
            $$"""
            version: 1
            models:
              - name: {{Name}}
                source: "{{source ?? Source}}"
                calibration:
                  corpus: [ "{{corpus ?? SharedData.PathOf("corpora", "tinystories", "calibration.txt")}}" ]
                  samples: {{samples}}
                  sequenceLength: 128{{more}}
                grid: { ratios: { from: 0.1, to: 0.6, step: 0.1 }, rho: { from: 1.5, to: 2.5, step: 0.5 } }
                budgets:

            """ + lines + text);
    }

    /// <summary>The same for two fifths of the source's bytes, <c>p40</c>, with codes of two widths in linears, embedding and head.</summary>
    public static string WriteManifestOfCodes(TemporaryFolder folder, int groups = 1)
    {
        long bytes = new FileInfo(Path.Combine(Source, "model.safetensors")).Length * 2 / 5;
        string manifest = WriteManifest(folder, [30], groups: groups);
        File.WriteAllText(manifest, File.ReadAllText(manifest)
            .Replace("- { name: r30, remove: 30% }", $"- {{ name: p40, bytes: {bytes} }}", StringComparison.Ordinal)
            .Replace("    grid:", "    include: [ embeddings, head ]\n    valueBits: [ 8, 4 ]\n    valueGroups: [ 64 ]\n    grid:", StringComparison.Ordinal));
        return manifest;
    }
}
