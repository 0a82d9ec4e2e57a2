using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>
/// Removes a weight's entries a twentieth at a time; between two passes the entries that stay are fitted for a step or two, so that the next pass
/// judges them as they will be. The way to a number of entries is the same whatever was asked before; asked in falling order, no step is taken twice.
/// </summary>
/// <param name="weight">W, float32 <c>[d_out, d_in]</c>; not owned.</param>
/// <param name="gram">G, float32 <c>[d_in, d_in]</c>; not owned.</param>
/// <param name="pruner">Takes one pass.</param>
internal sealed class PruningPath(Tensor weight, Tensor gram, ColumnPruner pruner) : IDisposable
{
    private const int Stations = 20;
    private const int StepsOnTheWay = 2;

    // Single linears gain as much from these as from many steps of projected gradients, which find hardly another support.
    private const int LastSteps = 6;

    private readonly long _entries = weight.numel();
    private (int Station, Tensor? Weight) _reached;
    private (long Kept, Tensor Weight)? _pruned;
    private (long Kept, Tensor Weight)? _refined;

    /// <summary>W with so many entries left; this object's, and valid until another number is asked for.</summary>
    public Tensor At(long kept)
    {
        if (_refined?.Kept != kept)
        {
            Walk(kept);
            Tensor refined = SparseRefinement.Run(weight, gram, Pruned(kept), LastSteps).DetachFromDisposeScope();
            _refined?.Weight.Dispose();
            _refined = (kept, refined);
        }

        return _refined.Value.Weight;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reached.Weight?.Dispose();
        _pruned?.Weight.Dispose();
        _refined?.Weight.Dispose();
    }

    // To the last station that has more entries.
    private void Walk(long kept)
    {
        if (_reached.Station > 0 && KeptAt(_reached.Station) <= kept)
        {
            _reached.Weight!.Dispose();
            _reached = default;
            _pruned?.Weight.Dispose();
            _pruned = null;
        }

        for (int next = _reached.Station + 1; next < Stations && KeptAt(next) > kept; next++)
        {
            Tensor fitted = SparseRefinement.Run(weight, gram, Pruned(KeptAt(next)), StepsOnTheWay).DetachFromDisposeScope();
            _reached.Weight?.Dispose();
            _reached = (next, fitted);
        }
    }

    // The last one is often the next station's.
    private Tensor Pruned(long kept)
    {
        if (_pruned?.Kept != kept)
        {
            Tensor pruned = pruner.Prune(kept, _reached.Weight).DetachFromDisposeScope();
            _pruned?.Weight.Dispose();
            _pruned = (kept, pruned);
        }

        return _pruned.Value.Weight;
    }

    private long KeptAt(int station) => (Stations - station) * _entries / Stations;
}
