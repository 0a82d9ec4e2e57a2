using System.Runtime.InteropServices;

namespace Rocket.Compression.Allocation;

/// <summary>One sweep over the core's columns with a Pareto list of (weight, cost) states, cut to a width.</summary>
internal sealed class CorePass
{
    private readonly CoreColumn[] _columns;
    private readonly CoreOutlook[] _outlook;
    private readonly LagrangianPoint _start;
    private readonly int _shift;
    private readonly int _width;
    private readonly List<Node> _nodes = [];
    private List<State> _list = [new State(0, 0, 0, -1, -1)];
    private List<State> _next = [];
    private List<State> _spare = [];
    private readonly List<int> _tied = [];
    private double[] _bounds = [];
    private long _gap;
    private int _bestNode = -1;

    /// <summary>Prepares a sweep.</summary>
    /// <param name="classes">The classes.</param>
    /// <param name="start">The base.</param>
    /// <param name="bestCost">The incumbent's cost, relative to the base.</param>
    /// <param name="width">The most states that are kept from column to column.</param>
    /// <param name="narrowing">The binary logarithm by which the window of allowed excess is narrower than the gap; 0 for a sweep that can be complete.</param>
    public CorePass(KnapsackClasses classes, LagrangianPoint start, long bestCost, int width, int narrowing)
    {
        _start = start;
        _width = width;
        BestCost = bestCost;
        var gap = start.GapTo(bestCost);
        _shift = Math.Max(0, 128 - (int)Int128.LeadingZeroCount(gap) - 50);
        _gap = (long)(gap >> _shift);
        _columns = CoreColumn.Within(classes, start, gap >> narrowing, _shift);
        LeastCut = narrowing > 0 ? (double)(gap >> narrowing >> _shift) : double.PositiveInfinity;
        _outlook = CoreOutlook.Of(_columns, Math.ScaleB(start.Price, -_shift));
    }

    private readonly record struct Node(int Parent, int Column, int Deviation);

    private readonly record struct State(long Weight, long Cost, long Excess, int Node, int Deviation);

    /// <summary>The best cost found or handed in, relative to the base.</summary>
    public long BestCost { get; private set; }

    /// <summary>States made so far: the measure of work that stops a search at the same place on every machine.</summary>
    public long Work { get; private set; }

    /// <summary>No better selection that this sweep passed over has less than this excess, in units of 2^shift; infinite where it was complete.</summary>
    public double LeastCut { get; private set; }

    /// <summary><see cref="LeastCut"/> as an unscaled excess, where the sweep was not complete.</summary>
    public Int128 LeastCutExcess => (Int128)(long)LeastCut << _shift;

    /// <summary>Sweeps until the list is empty or the work is done.</summary>
    public void Run(long workLimit, int nodeLimit)
    {
        for (var c = 0; c < _columns.Length && _list.Count > 0; c++)
        {
            if (_columns[c].Deviations[0].Excess > _gap)
            {
                continue;
            }

            for (var copy = 1; copy <= _columns[c].Copies; copy++)
            {
                if (Work > workLimit || _nodes.Count > nodeLimit)
                {
                    CutAll(_outlook[c]);
                    return;
                }

                if (!Extend(c, _outlook[copy < _columns[c].Copies ? c : c + 1]))
                {
                    break;
                }
            }
        }
    }

    /// <summary>The deviations (item, point) of the best selection that this sweep found; null where it found none better than handed in.</summary>
    public List<(int Item, int Point)>? BestDeviations()
    {
        if (_bestNode < 0)
        {
            return null;
        }

        var deviations = new List<(int, int)>();
        for (var n = _bestNode; n >= 0; n = _nodes[n].Parent)
        {
            var column = _columns[_nodes[n].Column];
            deviations.Add((column.Item, column.Deviations[_nodes[n].Deviation].Point));
        }

        return deviations;
    }

    /// <summary>Lets one more copy of a column deviate; false where that changed nothing, so that further copies cannot either.</summary>
    private bool Extend(int c, CoreOutlook outlook)
    {
        _next.Clear();
        var leastExcess = long.MaxValue;
        foreach (ref readonly var state in CollectionsMarshal.AsSpan(_list))
        {
            if (outlook.Bound(state.Excess, _start.Slack - state.Weight) <= _gap)
            {
                _next.Add(state);
            }

            leastExcess = Math.Min(leastExcess, state.Excess);
        }

        Work += _list.Count;
        var changed = false;
        var deviations = _columns[c].Deviations;
        for (var d = 0; d < deviations.Length && leastExcess + deviations[d].Excess <= _gap; d++)
        {
            changed |= Merge(c, d, outlook);
        }

        Cut(outlook);
        (_list, _next) = (_next, _list);
        foreach (ref var state in CollectionsMarshal.AsSpan(_list))
        {
            if (state.Deviation >= 0)
            {
                _nodes.Add(new Node(state.Node, c, state.Deviation));
                state = state with { Node = _nodes.Count - 1, Deviation = -1 };
            }
        }

        return changed;
    }

    /// <summary>Merges the states with one deviation into the next list by rising weight; what is dominated or beyond the gap goes.</summary>
    private bool Merge(int c, int d, CoreOutlook outlook)
    {
        var deviation = _columns[c].Deviations[d];
        var list = CollectionsMarshal.AsSpan(_list);
        var j = Admissible(list, 0, c, d, outlook, out var candidate);
        Work += list.Length;
        if (j == list.Length)
        {
            return false;
        }

        var kept = CollectionsMarshal.AsSpan(_next);
        Work += kept.Length;
        _spare.Clear();
        CollectionsMarshal.SetCount(_spare, kept.Length + list.Length);
        var merged = CollectionsMarshal.AsSpan(_spare);
        var (i, n, added) = (0, 0, false);
        var lastCost = long.MaxValue;
        while (i < kept.Length || j < list.Length)
        {
            var old = j == list.Length || (i < kept.Length
                && (kept[i].Weight < candidate.Weight || (kept[i].Weight == candidate.Weight && kept[i].Cost <= candidate.Cost)));
            var taken = old ? kept[i++] : candidate;
            if (!old)
            {
                j = Admissible(list, j + 1, c, d, outlook, out candidate);
            }

            if (taken.Cost < lastCost)
            {
                merged[n++] = taken;
                lastCost = taken.Cost;
                added |= !old;
            }
        }

        CollectionsMarshal.SetCount(_spare, n);
        (_next, _spare) = (_spare, _next);
        return added;
    }

    /// <summary>The first state from <paramref name="from"/> on that stays within the gap after the deviation; selections that fit become incumbents on the way.</summary>
    private int Admissible(ReadOnlySpan<State> list, int from, int c, int d, in CoreOutlook outlook, out State candidate)
    {
        ref readonly var deviation = ref _columns[c].Deviations[d];
        for (var j = from; j < list.Length; j++)
        {
            ref readonly var state = ref list[j];
            var (weight, cost, excess) = (state.Weight + deviation.Weight, state.Cost + deviation.Cost, state.Excess + deviation.Excess);
            var slack = _start.Slack - weight;
            if (slack >= 0 && cost < BestCost)
            {
                BestCost = cost;
                _nodes.Add(new Node(state.Node, c, d));
                _bestNode = _nodes.Count - 1;
                _gap = (long)(_start.GapTo(cost) >> _shift);
            }

            if (outlook.Bound(excess, slack) <= _gap)
            {
                candidate = new State(weight, cost, excess, state.Node, d);
                return j;
            }
        }

        candidate = default;
        return list.Length;
    }

    private void CutAll(CoreOutlook outlook)
    {
        foreach (var state in _list)
        {
            var bound = outlook.Bound(state.Excess, _start.Slack - state.Weight);
            if (bound <= _gap)
            {
                LeastCut = Math.Min(LeastCut, Math.Floor(bound));
            }
        }
    }

    /// <summary>Keeps the states of the lowest bounds where there are more than the width, and remembers the lowest bound of those that go.</summary>
    private void Cut(CoreOutlook outlook)
    {
        var states = CollectionsMarshal.AsSpan(_next);
        if (states.Length <= _width)
        {
            return;
        }

        if (_bounds.Length < states.Length)
        {
            _bounds = new double[states.Length * 2];
        }

        for (var i = 0; i < states.Length; i++)
        {
            _bounds[i] = outlook.Bound(states[i].Excess, _start.Slack - states[i].Weight);
        }

        var bounds = _bounds.AsSpan(0, states.Length);
        var (below, upTo) = Thresholds(bounds);
        KeepNearestToCapacity(states, bounds, below, upTo);
        var n = 0;
        for (var i = 0; i < states.Length; i++)
        {
            if (bounds[i] <= below)
            {
                states[n++] = states[i];
            }
            else
            {
                LeastCut = Math.Min(LeastCut, Math.Floor(bounds[i]));
            }
        }

        CollectionsMarshal.SetCount(_next, n);
    }

    /// <summary>Fills the places left by choosing, among states of about the same bound, those nearest to the capacity: where price and weight agree for all options nothing else tells them apart.</summary>
    private void KeepNearestToCapacity(ReadOnlySpan<State> states, Span<double> bounds, double below, double upTo)
    {
        _tied.Clear();
        var places = _width;
        for (var i = 0; i < bounds.Length; i++)
        {
            if (bounds[i] <= below)
            {
                places--;
            }
            else if (bounds[i] <= upTo)
            {
                _tied.Add(i);
            }
        }

        var (first, end) = (0, _tied.Count);
        while (end - first > places)
        {
            if (DistanceToCapacity(states[_tied[first]]) > DistanceToCapacity(states[_tied[end - 1]]))
            {
                first++;
            }
            else
            {
                end--;
            }
        }

        for (var t = first; t < end; t++)
        {
            bounds[_tied[t]] = below;
        }
    }

    private long DistanceToCapacity(in State state) => Math.Abs(_start.Slack - state.Weight);

    /// <summary>Two near thresholds: up to the first no more states than the width remain, up to the second more.</summary>
    private (double Below, double UpTo) Thresholds(ReadOnlySpan<double> bounds)
    {
        var (low, high) = (-1.0, 0.0);
        foreach (var bound in bounds)
        {
            high = Math.Max(high, bound);
        }

        for (var round = 0; round < 24; round++)
        {
            var middle = (low + high) / 2;
            var count = 0;
            foreach (var bound in bounds)
            {
                count += bound <= middle ? 1 : 0;
            }

            (low, high) = count <= _width ? (middle, high) : (low, middle);
        }

        return (low, high);
    }
}
