using System.Collections.Immutable;
using Rocket.Models.Factors;

namespace Rocket.Pipeline.Manifest;

/// <summary>Types in which a linear's values may be stored.</summary>
/// <param name="HasFloats">Whether they may be of the source's type.</param>
/// <param name="Quantizations">Integer codes, which budgets of bytes and bits choose from; widest first.</param>
public sealed record ValuesManifest(bool HasFloats, ImmutableArray<Quantization> Quantizations)
{
    /// <summary>The source's type alone.</summary>
    public static ValuesManifest Floats { get; } = new(true, []);
}
