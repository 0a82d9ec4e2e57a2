namespace Rocket.Pipeline.Manifest;

/// <summary>The manifest that <c>rocket init</c> writes.</summary>
public static class ManifestTemplate
{
    /// <summary>A commented manifest with one model, two budgets and, if there is text for it, an evaluation.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="source">Where the checkpoint comes from.</param>
    /// <param name="corpus">A pattern of the calibration text.</param>
    /// <param name="evaluation">A pattern of the evaluation text, or null.</param>
    public static string Create(string name, string source, string corpus, string? evaluation = null) =>
        $$"""
        # What Rocket compresses, and how far. `dotnet rocket plan --estimate` tells what it would take,
        # `dotnet rocket build --output out` writes out/<model>/<budget>/.
        version: 1
        models:
          - name: {{Quote(name)}}
            source: {{Quote(source)}} # a folder, relative to this file; hf:org/name@revision; or nuget:Id@version
            calibration:
              # Text like the text that the model will see. `.txt` (documents separated by a line
              # <|endoftext|>) or `.jsonl` (one {"text": ...} a line); a pattern that begins with "!" excludes.
              corpus: [ {{Quote(corpus)}} ]
              samples: 128 # windows drawn from the text
              sequenceLength: 512 # tokens a window
              seed: 0
            budgets: # the share of the compressible linears' parameters that goes
              - { name: r20, remove: 20% }
              - { name: r30, remove: 30% }
        {{Evaluate(evaluation)}}
        """.TrimEnd() + "\n";

    private static string Evaluate(string? evaluation) => evaluation is null
        ? """
              # evaluate: # text that the calibration did not see
              #   perplexity: [ "evaluation.txt" ]
          """
        : $"""
              evaluate: # text that the calibration did not see
                perplexity: [ {Quote(evaluation)} ]
                windows: 24
                sequenceLength: 512
          """;

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
