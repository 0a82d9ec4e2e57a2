using System.Collections.Immutable;
using Rocket.Models.Factors;

namespace Rocket.Pipeline.Manifest;

/// <summary>Types in which a linear's values may be stored.</summary>
/// <param name="HasFloats">Whether they may be of the source's type.</param>
/// <param name="Quantizations">Integer codes, which budgets of bytes and bits choose from; widest first.</param>
public sealed record ValuesManifest(bool HasFloats, ImmutableArray<Quantization> Quantizations)
{
    /// <summary>Those of embeddings and head, whose rows are looked up or sum to every logit: 8 and 4 bits.</summary>
    public ImmutableArray<Quantization> OfVocabulary => [.. Quantizations.Where(quantization => quantization.Bits is 8 or 4)];

    /// <summary>The source's type alone.</summary>
    public static ValuesManifest Floats { get; } = new(true, []);
}
