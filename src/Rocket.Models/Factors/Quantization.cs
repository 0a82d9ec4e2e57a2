using System.Collections.Immutable;

namespace Rocket.Models.Factors;

/// <summary>Values as integers: so many bits each, with a scale and a zero point for every group along a row. A value is scale * (code - zero point).</summary>
/// <param name="Bits">Bits of a code and of a zero point, 2 to 8.</param>
/// <param name="GroupSize">Columns that share a scale (F16) and a zero point; a multiple of 8. The last group of a row may be narrower.</param>
public sealed record Quantization(int Bits, int GroupSize)
{
    /// <summary>Type of the scales.</summary>
    public const Checkpoints.TensorType ScaleType = Checkpoints.TensorType.F16;

    private const int FewestBits = 2;
    private const int MostBits = 8;
    private const int GroupUnit = 8;

    /// <summary>The widths of codes that Rocket offers beside the source's own type.</summary>
    public static ImmutableArray<int> KnownBits { get; } = [8, 6, 5, 4, 3];

    /// <summary>The group sizes that Rocket offers.</summary>
    public static ImmutableArray<int> KnownGroupSizes { get; } = [32, 64, 128];

    /// <summary>The largest code.</summary>
    public int LargestCode => (1 << Bits) - 1;

    /// <summary>Whether there are such codes.</summary>
    public bool IsPossible => Bits is >= FewestBits and <= MostBits && GroupSize >= GroupUnit && GroupSize % GroupUnit == 0;

    /// <summary>Whether embeddings and heads may have it, whose rows are looked up or make every logit: 8 or 4 bits.</summary>
    public bool SuitsVocabulary => Bits is 8 or 4;

    /// <summary>Groups of a row.</summary>
    /// <param name="columns">Columns of the matrix.</param>
    public int Groups(int columns) => (int)(((long)columns + GroupSize - 1) / GroupSize);
}
