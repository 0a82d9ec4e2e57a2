using System.Collections.Immutable;

namespace Rocket.Models.Architectures;

/// <summary>Rotary position embedding in the half-split layout: pairs (i, i + d/2) of the first d = 2 n dimensions of a head.</summary>
/// <param name="InverseFrequencies">n angles a position, in radians; scaling (linear, llama3, longrope) is already in them.</param>
/// <param name="Amplitude">Factor of cosine and sine (longrope); else 1.</param>
/// <param name="LongInverseFrequencies">Longrope: the angles for sequences longer than <paramref name="OriginalLength"/>; else empty.</param>
/// <param name="OriginalLength">Longrope: the length up to which <paramref name="InverseFrequencies"/> hold, in tokens; else 0.</param>
public sealed record RopeSpec(ImmutableArray<float> InverseFrequencies, float Amplitude, ImmutableArray<float> LongInverseFrequencies, int OriginalLength = 0)
{
    /// <summary>Plain rotary embedding without long-sequence angles.</summary>
    public RopeSpec(ImmutableArray<float> inverseFrequencies)
        : this(inverseFrequencies, 1, [])
    {
    }

    /// <summary>The angles for a sequence of <paramref name="length"/> tokens.</summary>
    public ImmutableArray<float> FrequenciesFor(int length)
        => OriginalLength > 0 && length > OriginalLength ? LongInverseFrequencies : InverseFrequencies;

    /// <summary>The same angles, bit by bit.</summary>
    public bool Equals(RopeSpec? other)
        => other is not null
        && (Amplitude, OriginalLength) == (other.Amplitude, other.OriginalLength)
        && InverseFrequencies.AsSpan().SequenceEqual(other.InverseFrequencies.AsSpan())
        && LongInverseFrequencies.AsSpan().SequenceEqual(other.LongInverseFrequencies.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Amplitude, OriginalLength, InverseFrequencies.Length);
}
