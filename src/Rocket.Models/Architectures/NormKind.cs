namespace Rocket.Models.Architectures;

/// <summary>What a norm divides by.</summary>
public enum NormKind
{
    /// <summary>Root mean square over the last dimension.</summary>
    RootMeanSquare,

    /// <summary>Mean and variance over the last dimension.</summary>
    Layer,
}
