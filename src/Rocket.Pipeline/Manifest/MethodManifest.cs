using Rocket.Compression.Factorization;

namespace Rocket.Pipeline.Manifest;

/// <summary>How a model's errors are weighed and which forms a linear may take.</summary>
/// <param name="IsPaper">The paper's method, bit by bit: dictionaries only, relative error of W as cost.</param>
/// <param name="UsesOutputs">Second moments of the output gradients are taken; never in the paper's method.</param>
/// <param name="HasSparse">Whether a linear may be written as itself with entries removed.</param>
/// <param name="HasDictionary">Whether a linear may be written as a dictionary with sparse coefficients.</param>
/// <param name="IsSequential">Whether blocks are factorized in order, each for what its compressed predecessors give; never in the paper's method.</param>
public sealed record MethodManifest(bool IsPaper, bool UsesOutputs, bool HasSparse, bool HasDictionary, bool IsSequential = false)
{
    /// <summary>The paper's method.</summary>
    public static MethodManifest Paper { get; } = new(true, false, false, true);

    /// <summary>The steps of a factorization that are taken; the paper's method has its own.</summary>
    public FactorizationSteps Steps { get; init; } = FactorizationSteps.All;

    /// <summary>Costs are nats.</summary>
    public bool HasNats => UsesOutputs && Steps.WeighsLinears;
}
