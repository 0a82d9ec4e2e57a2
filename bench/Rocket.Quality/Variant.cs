namespace Rocket.Quality;

/// <summary>A way to compress: lines of a manifest that differ from the default.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Keys">Keys of the model, a line each; empty for the default.</param>
internal sealed record Variant(string Name, params string[] Keys)
{
    /// <summary>The default, and what each of its steps is worth.</summary>
    public static IReadOnlyList<Variant> Methods { get; } =
    [
        new("default"),
        new("method: paper", "method: paper"),
        new("without output moments", "sensitivity: none"),
        new("output moments for the cost alone", "sensitivity: cost"),
        new("output moments within linears alone", "sensitivity: rows"),
        new("without refinement", "refinement: none"),
        new("sequential correction", "correction: sequential"),
        new("dictionary alone", "forms: [ dictionary ]"),
        new("sparse and dictionary", "forms: [ sparse, dictionary ]"),
    ];

    /// <summary>The same under budgets of true bytes.</summary>
    public static IReadOnlyList<Variant> Bytes { get; } = [new("true bytes"), new("true bytes, values of 16 bits", "valueBits: [ 16 ]")];
}
