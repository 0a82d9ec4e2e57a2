using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>
/// Removes a weight's entries a twentieth at a time; between two passes the entries that stay are fitted for a step or two, so that the next pass
/// judges them as they will be. The way to a number of entries is the same whatever was asked before; asked in falling order, no step is taken twice.
/// </summary>
/// <param name="weight">W, float32 <c>[d_out, d_in]</c>; not owned.</param>
/// <param name="gram">G, float32 <c>[d_in, d_in]</c>; not owned.</param>
/// <param name="pruner">Takes one pass.</param>
/// <param name="refines">False: entries stay as a pass leaves them.</param>
/// <param name="waypoints">What earlier walkers left; null: every walk begins with W.</param>
internal sealed class PruningPath(Tensor weight, Tensor gram, ColumnPruner pruner, bool refines = true, IWaypoints? waypoints = null) : IDisposable
{
    // Twice as many passes with one step each would lose as much.
    private const int Stations = 20;
    private const int StepsOnTheWay = 2;

    // Single linears gain as much from these as from many steps of projected gradients, which find hardly another support.
    private const int LastSteps = 6;

    private readonly long _entries = weight.numel();
    private (int Station, Tensor? Weight) _reached;
    private Fit? _fit;

    /// <summary>W with so many entries left; this object's, and valid until another number is asked for.</summary>
    public Tensor At(long kept)
    {
        Walk(kept);
        Fit fit = FitTo(kept);
        fit.Refinement.AdvanceTo(refines ? LastSteps : 0);
        return fit.Refinement.Values;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reached.Weight?.Dispose();
        _fit?.Dispose();
    }

    // To the last station that has more entries.
    private void Walk(long kept)
    {
        if (_reached.Station > 0 && KeptAt(_reached.Station) <= kept)
        {
            Leave();
        }

        int last = _reached.Station;
        while (last + 1 < Stations && KeptAt(last + 1) > kept)
        {
            last++;
        }

        // The next station alone is mostly the fit that was asked for last.
        if (last > _reached.Station + 1 && waypoints?.Last(_reached.Station + 1, last) is { } known)
        {
            Leave();
            _reached = known;
        }

        for (int next = _reached.Station + 1; next <= last; next++)
        {
            Tensor fitted = FitTo(KeptAt(next)).OnTheWay.alias().DetachFromDisposeScope();
            _reached.Weight?.Dispose();
            _reached = (next, fitted);
            waypoints?.Pass(next, fitted);
        }
    }

    private void Leave()
    {
        _reached.Weight?.Dispose();
        _reached = default;
        _fit?.Dispose();
        _fit = null;
    }

    // What was asked last is often the next station.
    private Fit FitTo(long kept)
    {
        if (_fit?.Kept != kept)
        {
            Tensor pruned = pruner.Prune(kept, _reached.Weight).DetachFromDisposeScope();
            _fit?.Dispose();
            _fit = new Fit(kept, pruned, new SparseRefinement(weight, gram, pruned), refines ? StepsOnTheWay : 0);
        }

        return _fit;
    }

    private long KeptAt(int station) => (Stations - station) * _entries / Stations;

    // The steps on the way are the first of the last ones.
    private sealed class Fit : IDisposable
    {
        private readonly Tensor _pruned;

        public Fit(long kept, Tensor pruned, SparseRefinement refinement, int steps)
        {
            (Kept, _pruned, Refinement) = (kept, pruned, refinement);
            refinement.AdvanceTo(steps);
            OnTheWay = refinement.Values.clone().DetachFromDisposeScope();
        }

        public long Kept { get; }

        public SparseRefinement Refinement { get; }

        public Tensor OnTheWay { get; }

        public void Dispose()
        {
            _pruned.Dispose();
            Refinement.Dispose();
            OnTheWay.Dispose();
        }
    }
}
