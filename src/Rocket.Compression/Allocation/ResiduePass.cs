namespace Rocket.Compression.Allocation;

/// <summary>The core of a knapsack in which many groups are the same, by residues of the weight.</summary>
/// <remarks>
/// Where many copies of a class stand at either end of the critical edge, moving one of them along it costs no excess: only the weight modulo that of
/// the edge matters, and the least cost of every residue is a shortest path (Gomory, "On the relation between integer and noninteger solutions to
/// linear programs", 1965). Paths are held to the copies of every class but those of the swapping one, of which there are many; a path that uses more
/// is no selection, but its cost stays a bound.
/// </remarks>
internal sealed class ResiduePass
{
    private const int FewestCopies = 4;
    private const long LargestTable = 1 << 22;
    private const int NodeLimit = 16_000_000;
    private const long WorkLimit = 200_000_000;

    /// <summary>Selections that are tried where cheaper ones use too many copies.</summary>
    private const int Tries = 256;

    private readonly KnapsackClasses _classes;
    private readonly LagrangianPoint _start;
    private readonly LagrangianPoint.Swap _swap;
    private readonly CoreColumn[] _columns;
    private readonly ResidueMove[][] _moves;
    private readonly double _gap;
    private readonly long _unit;
    private readonly List<(int Parent, int Column, int Move)> _nodes = [];
    private long[] _costs = [];
    private int[] _nodeOf = [];
    private long _work = WorkLimit;

    private ResiduePass(KnapsackClasses classes, LagrangianPoint start, long bestCost, LagrangianPoint.Swap swap)
    {
        (_classes, _start, _swap, BestCost) = (classes, start, swap, bestCost);
        var gap = start.GapTo(bestCost);
        _gap = (double)gap;
        var shift = Math.Max(0, 128 - (int)Int128.LeadingZeroCount(gap) - 50);
        _columns = CoreColumn.Within(classes, start, gap, shift);
        _moves = Moves();
        _unit = _moves.SelectMany(moves => moves).Aggregate(swap.Weight, (unit, move) => GreatestDivisor(unit, move.Weight));
        Bound = long.MinValue;
        if (swap.Weight / _unit <= LargestTable && Run(gap >> shift))
        {
            Bound = BestCost;
        }

        if (_costs.Length > 0)
        {
            TakeBest();
        }
    }

    /// <summary>The best cost found or handed in, relative to the base.</summary>
    public long BestCost { get; private set; }

    /// <summary>The deviations (item, point) of the best selection; null where none is better than handed in.</summary>
    public List<(int Item, int Point)>? BestDeviations { get; private set; }

    /// <summary>No selection costs less, relative to the base; <see cref="long.MinValue"/> where the pass was not complete.</summary>
    public long Bound { get; private set; }

    /// <summary>A finished pass, or null where no class has enough copies at the critical edge.</summary>
    public static ResiduePass? Run(KnapsackClasses classes, LagrangianPoint start, long bestCost)
    {
        var swap = start.Swaps.OrderByDescending(s => classes.Counts[s.Class]).FirstOrDefault(s => classes.Counts[s.Class] >= FewestCopies);
        return swap.Weight == 0 ? null : new ResiduePass(classes, start, bestCost, swap);
    }

    /// <summary>One array of moves a column, that of the swapping class first: from either end of the edge they are the same.</summary>
    private ResidueMove[][] Moves()
    {
        var swapping = _columns.Where(Swaps).SelectMany(column => column.Deviations).Select(d => ResidueMove.Of(-1, d, _swap)).Where(m => m.Weight != 0).DistinctBy(m => m.Point);
        return [[.. swapping], .. _columns.Select((column, c) => Swaps(column) ? [] : column.Deviations.Select(d => ResidueMove.Of(c, d, _swap)).ToArray())];
    }

    private bool Swaps(CoreColumn column) => _start.Items[column.Item].Class == _swap.Class;

    private bool Run(Int128 gap)
    {
        _costs = new long[_swap.Weight / _unit];
        _nodeOf = new int[_costs.Length];
        Array.Fill(_costs, long.MaxValue);
        (_costs[0], _nodeOf[0]) = (0, -1);
        for (var c = 0; c < _moves.Length; c++)
        {
            var few = c > 0 && Math.Min(_columns[c - 1].LeastRise, _columns[c - 1].LeastFall) is var least && (least == 0 || gap / least > _columns[c - 1].Copies);
            if (!(few ? Bounded(c, _columns[c - 1].Copies) : Unbounded(c)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Any number of copies deviate: round every cycle of residues twice.</summary>
    private bool Unbounded(int c)
    {
        var size = _costs.Length;
        for (var m = 0; m < _moves[c].Length; m++)
        {
            if (!Spend(2L * size))
            {
                return false;
            }

            var step = (int)(_moves[c][m].Weight / _unit);
            var cycles = (int)GreatestDivisor(size, step);
            for (var first = 0; first < cycles && step > 0; first++)
            {
                var at = first;
                for (var i = 2 * (size / cycles); i > 0; i--)
                {
                    at = Relax(_costs, _nodeOf, at, step, c, m, _costs, _nodeOf);
                }
            }
        }

        return true;
    }

    /// <summary>One copy after the other may deviate once, until that changes nothing.</summary>
    private bool Bounded(int c, int copies)
    {
        var changed = true;
        for (var copy = 0; copy < copies && changed; copy++)
        {
            var (costs, nodes, before) = ((long[])_costs.Clone(), (int[])_nodeOf.Clone(), _nodes.Count);
            for (var m = 0; m < _moves[c].Length; m++)
            {
                if (!Spend(_costs.Length))
                {
                    return false;
                }

                var step = (int)(_moves[c][m].Weight / _unit);
                for (var at = 0; at < costs.Length; at++)
                {
                    Relax(costs, nodes, at, step, c, m, _costs, _nodeOf);
                }
            }

            changed = _nodes.Count > before;
        }

        return true;
    }

    private int Relax(long[] costs, int[] nodes, int at, int step, int c, int m, long[] into, int[] nodesInto)
    {
        var (next, cost) = (at + step, costs[at]);
        var wraps = next >= into.Length;
        next -= wraps ? into.Length : 0;
        if (cost != long.MaxValue)
        {
            cost += _moves[c][m].Cost + (wraps ? _swap.Saving : 0);
            if (cost < into[next] && !_start.IsBeyond(next * _unit, cost, _gap))
            {
                _nodes.Add((nodes[at], c, m));
                (into[next], nodesInto[next]) = (cost, _nodes.Count - 1);
            }
        }

        return next;
    }

    private bool Spend(long work)
    {
        _work -= work;
        return _work >= 0 && _nodes.Count <= NodeLimit;
    }

    private void TakeBest()
    {
        var better = new List<(long Cost, int At)>();
        for (var at = 0; at < _costs.Length; at++)
        {
            if (_costs[at] != long.MaxValue && FinalCost(at) is var cost && cost < BestCost)
            {
                better.Add((cost, at));
            }
        }

        better.Sort();
        Bound = better.Count > 0 ? Math.Min(Bound, better[0].Cost) : Bound;
        foreach (var (cost, at) in better.Take(Tries))
        {
            if (Deviations(at) is { } deviations)
            {
                (BestCost, BestDeviations) = (cost, deviations);
                return;
            }
        }
    }

    private long SwapsLeft(int at) => LagrangianPoint.Swap.Floor(_start.Slack - (at * _unit), _swap.Weight);

    private long FinalCost(int at) => _costs[at] - (SwapsLeft(at) * _swap.Saving);

    /// <summary>The selection that a residue's path stands for; null where it takes more copies than there are.</summary>
    private List<(int Item, int Point)>? Deviations(int at)
    {
        var deviations = new List<(int Item, int Point)>();
        var used = new int[_columns.Length];
        List<int> points = [];
        var weight = (at * _unit) + (SwapsLeft(at) * _swap.Weight);
        for (var n = _nodeOf[at]; n >= 0; n = _nodes[n].Parent)
        {
            var move = _moves[_nodes[n].Column][_nodes[n].Move];
            if (move.Column < 0)
            {
                points.Add(move.Point);
            }
            else if (++used[move.Column] > _columns[move.Column].Copies)
            {
                return null;
            }
            else
            {
                weight -= move.RealWeight;
                deviations.Add((_columns[move.Column].Item, move.Point));
            }
        }

        return AddSwaps(deviations, points, weight) ? deviations : null;
    }

    /// <summary>Gives the swapping class the points of the path, and its other copies to the ends of the edge so that it adds a weight.</summary>
    private bool AddSwaps(List<(int Item, int Point)> deviations, List<int> points, long weight)
    {
        var weights = _classes.Fronts[_swap.Class].Weights;
        var items = Enumerable.Range(0, _start.Items.Count).Where(i => _start.Items[i].Class == _swap.Class).ToArray();
        var light = items.Where(i => _start.Items[i].Point == _swap.Light).Sum(i => _start.Items[i].Copies);
        var others = _classes.Counts[_swap.Class] - points.Count;
        var (heavy, rest) = Math.DivRem(
            weight + ((_classes.Counts[_swap.Class] - light) * _swap.Weight) - points.Sum(p => weights[p] - weights[_swap.Light]), _swap.Weight);
        if (rest != 0 || heavy < 0 || heavy > others)
        {
            return false;
        }

        // What leaves an end goes to the points first, then to the other end.
        var leaveLight = light - (others - (int)heavy);
        points.AddRange(Enumerable.Repeat(_swap.Heavy, Math.Max(0, (int)heavy - (_classes.Counts[_swap.Class] - light))));
        points.AddRange(Enumerable.Repeat(_swap.Light, Math.Max(0, -leaveLight)));
        deviations.AddRange(points.Select((point, i) => (items.First(item => (_start.Items[item].Point == _swap.Light) == (i < leaveLight)), point)));
        return true;
    }

    private static long GreatestDivisor(long a, long b) => b == 0 ? a : GreatestDivisor(b, a % b);
}
