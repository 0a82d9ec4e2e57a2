namespace Rocket.Compression.Factorization;

/// <summary>The steps that a study may leave out to see what each is worth; the method has them all.</summary>
/// <param name="WeighsRows">Within a linear, what is kept is chosen by the output gradients of its rows.</param>
/// <param name="WeighsLinears">Losses are nats, which linears have in common; otherwise each is relative to that of a linear without any weight.</param>
/// <param name="Refines">
/// The values that stay are fitted after the choice, codes are swept after rounding, and dictionaries alternate with their coefficients. Codes behind a dictionary, and of embedding
/// and head, are swept in any case.
/// </param>
public sealed record FactorizationSteps(bool WeighsRows = true, bool WeighsLinears = true, bool Refines = true)
{
    /// <summary>All of them.</summary>
    public static FactorizationSteps All { get; } = new();
}
