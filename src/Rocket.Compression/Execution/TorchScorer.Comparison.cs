using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

public sealed partial class TorchScorer
{
    /// <summary>Runs the blocks over sequences and keeps what the last one gives, for compressed models to be compared with.</summary>
    /// <param name="sequences">Token ids.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>Valid while this scorer is.</returns>
    public ReferenceStates Reference(IReadOnlyList<int[]> sequences, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        return new ReferenceStates(RunBlocks(sequences, null, cancellationToken), LoadHead);
    }

    /// <summary>Scores as <see cref="Score"/> does, and compares every distribution with the dense model's.</summary>
    /// <param name="reference">The dense model's states over the same sequences, of a scorer on the same device.</param>
    /// <param name="sequences">Token ids; no token is added.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    public IReadOnlyList<TokenComparison[]> Compare(
        ReferenceStates reference, IReadOnlyList<int[]> sequences, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentOutOfRangeException.ThrowIfNotEqual(reference.States.Count, sequences.Count);
        var compared = new TokenComparison[sequences.Count][];
        using HiddenStates states = RunBlocks(sequences, progress, cancellationToken);
        using DecoderExecutor.Head head = LoadHead();
        using DecoderExecutor.Head dense = reference.LoadHead();
        _units.Run(
            sequences.Count,
            i =>
            {
                using DisposeScope scope = NewDisposeScope();
                compared[i] = head.Compare(states.Read(i, head.Device), dense, reference.States.Read(i, dense.Device), sequences[i]);
            },
            cancellationToken);
        progress?.Report(1);
        return compared;
    }
}
