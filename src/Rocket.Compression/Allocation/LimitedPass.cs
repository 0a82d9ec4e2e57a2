using System.Runtime.InteropServices;

namespace Rocket.Compression.Allocation;

/// <summary>One sweep over the columns with a list of states (cost and amounts), cut to those that promise most.</summary>
internal sealed class LimitedPass
{
    /// <summary>So many times the width a list may grow before it is cut amid a column.</summary>
    private const int Overflow = 16;

    private readonly LimitedProblem _problem;
    private readonly LimitedDual _dual;
    private readonly int _width;
    private readonly LimitedColumn[] _columns;
    private readonly LimitedOutlook[] _outlook;
    private readonly long[] _room;
    private readonly long _baseCost;
    private readonly Dictionary<long[], State> _cheapest = new(new SameAmounts());
    private LimitedAnswer? _best;
    private List<State> _list;
    private double _leastCut;

    /// <summary>Prepares a sweep.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="dual">The base and its bound.</param>
    /// <param name="best">The incumbent, if there is one.</param>
    /// <param name="deviations">The most deviations that are looked at.</param>
    /// <param name="width">The most states that are kept from column to column.</param>
    public LimitedPass(LimitedProblem problem, LimitedDual dual, LimitedAnswer? best, int deviations, int width)
    {
        (_problem, _dual, _width, _best) = (problem, dual, width, best);
        _columns = LimitedColumn.Within(problem, dual, Gap, deviations, out _leastCut);
        _outlook = LimitedOutlook.Of(_columns, dual.Prices);
        _room = [.. problem.Most.Select((most, k) => most - dual.Base.Select((o, g) => problem.Amounts[g][k][o]).Sum())];
        _baseCost = dual.Base.Select((o, g) => problem.Costs[g][o]).Sum();
        _list = [new State(0, 0, new long[_room.Length], null, 0, 0, 0)];
    }

    /// <summary>Excess, cost and amounts relative to the base, and the deviation that led here.</summary>
    private sealed record State(double Excess, long Cost, long[] Amounts, State? Before, int Group, int Option, double Bound);

    /// <summary>Whether nothing was left out that could be better than the incumbent.</summary>
    public bool IsComplete => double.IsPositiveInfinity(_leastCut);

    private double Gap => _best is null ? double.PositiveInfinity : _best.Cost - 1 - _dual.Bound + (2 * _dual.Tolerance);

    /// <summary>The best selection known after the sweep, with its bound; null: none.</summary>
    public LimitedAnswer? Run()
    {
        Offer(_list[0]);
        for (var c = 0; c < _columns.Length && _list.Count > 0; c++)
        {
            Extend(_columns[c], _outlook[c + 1]);
        }

        if (_best is null)
        {
            return null;
        }

        var passed = IsComplete ? _best.Cost : (long)Math.Ceiling(Math.Min(_best.Cost, _dual.Bound + _leastCut - (2 * _dual.Tolerance)));
        return _best with { Bound = Math.Min(_best.Cost, Math.Max(_best.Bound, passed)) };
    }

    private void Extend(LimitedColumn column, LimitedOutlook outlook)
    {
        var next = new List<State>();
        foreach (var state in _list)
        {
            Add(next, state with { Bound = outlook.Bound(state.Excess, _room, state.Amounts) });
        }

        foreach (var deviation in column.Deviations)
        {
            foreach (var state in _list)
            {
                if (state.Excess + deviation.Excess > Gap)
                {
                    continue;
                }

                var amounts = new long[_room.Length];
                for (var k = 0; k < amounts.Length; k++)
                {
                    amounts[k] = state.Amounts[k] + deviation.Amounts[k];
                }

                var excess = state.Excess + deviation.Excess;
                var reached = new State(excess, state.Cost + deviation.Cost, amounts, state, column.Group, deviation.Option, outlook.Bound(excess, _room, amounts));
                Offer(reached);
                Add(next, reached);
            }

            if (next.Count > _width * Overflow)
            {
                next = Cut(next);
            }
        }

        _list = Cut(next);
    }

    private void Add(List<State> states, State state)
    {
        if (state.Bound <= Gap)
        {
            states.Add(state);
        }
    }

    /// <summary>Makes a state the incumbent where it keeps all limits and is better.</summary>
    private void Offer(State state)
    {
        if ((_best is null || _baseCost + state.Cost < _best.Cost) && !state.Amounts.Where((amount, k) => amount > _room[k]).Any())
        {
            var selection = (int[])_dual.Base.Clone();
            for (var at = state; at.Before is not null; at = at.Before)
            {
                selection[at.Group] = at.Option;
            }

            _best = new LimitedAnswer(selection, _baseCost + state.Cost, Math.Min(_dual.WholeBound, _baseCost + state.Cost));
        }
    }

    /// <summary>Of states with the same amounts keeps the cheapest, and of these what promises most.</summary>
    private List<State> Cut(List<State> states)
    {
        _cheapest.Clear();
        foreach (var state in states)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_cheapest, state.Amounts, out _);
            entry = entry is null || state.Cost < entry.Cost ? state : entry;
        }

        var kept = states.Where(s => s.Bound <= Gap && ReferenceEquals(_cheapest[s.Amounts], s)).ToList();
        if (kept.Count > _width)
        {
            kept = [.. kept.OrderBy(s => s.Bound)];
            _leastCut = Math.Min(_leastCut, kept[_width].Bound);
            kept.RemoveRange(_width, kept.Count - _width);
        }

        return kept;
    }

    private sealed class SameAmounts : IEqualityComparer<long[]>
    {
        public bool Equals(long[]? x, long[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(long[] amounts)
        {
            // Only for finding equal ones: no order of the table reaches an answer.
            var hash = 17L;
            foreach (var amount in amounts)
            {
                hash = unchecked((hash * 6364136223846793005) + amount);
            }

            return (int)(hash >> 32);
        }
    }
}
