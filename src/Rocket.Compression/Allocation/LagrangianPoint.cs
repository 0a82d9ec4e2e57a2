namespace Rocket.Compression.Allocation;

/// <summary>What every group chooses when weight has a price: the base that the core search deviates from, and the bound that comes with it.</summary>
/// <remarks>
/// With the critical edge's (DW, DC) the price is DC / DW, and the excess of a deviation (dw, dc) from the base is E = dc DW + dw DC &gt;= 0.
/// Every selection within the capacity costs C with C DW = <see cref="ScaledBound"/> + sum of E + unused capacity times DC (Lagrange's bound, in integers).
/// </remarks>
internal sealed class LagrangianPoint
{
    private readonly KnapsackClasses _classes;
    private readonly (long Weight, long Saving) _edge;
    private readonly List<Item> _items = [];
    private readonly List<Swap> _swaps = [];

    /// <summary>Takes every hull edge steeper than the critical one, and of the equally steep ones what fits.</summary>
    public LagrangianPoint(KnapsackClasses classes, long capacity, (long Weight, long Saving) edge)
    {
        _classes = classes;
        _edge = edge;
        var steps = Array.ConvertAll(classes.Fronts, SteeperEdges);
        for (var c = 0; c < steps.Length; c++)
        {
            var point = classes.Fronts[c].Hull[steps[c]];
            Weight += classes.Fronts[c].Weights[point] * classes.Counts[c];
            Cost += classes.Fronts[c].Costs[point] * classes.Counts[c];
        }

        for (var c = 0; c < steps.Length; c++)
        {
            Place(c, steps[c], capacity);
        }

        Slack = capacity - Weight;
        ScaledBound = Math.BigMul(Cost, edge.Weight) - Math.BigMul(Slack, edge.Saving);
    }

    /// <summary>Copies of one class that share a base point.</summary>
    public readonly record struct Item(int Class, int Point, int Copies);

    /// <summary>A class's hull edge that is as steep as the critical one: a copy that moves along it changes no excess.</summary>
    /// <param name="Class">The class.</param>
    /// <param name="Light">The edge's lighter point.</param>
    /// <param name="Heavy">The edge's heavier point.</param>
    /// <param name="Weight">What the heavier point adds in weight.</param>
    /// <param name="Saving">What it saves in cost.</param>
    public readonly record struct Swap(int Class, int Light, int Heavy, long Weight, long Saving)
    {
        /// <summary>The quotient of a whole number by a positive one, rounded down.</summary>
        public static long Floor(long numerator, long denominator) => (numerator / denominator) - (numerator % denominator < 0 ? 1 : 0);
    }

    /// <summary>One swap a class that has one.</summary>
    public IReadOnlyList<Swap> Swaps => _swaps;

    /// <summary>All classes, each in one item, or in two where only some copies took an edge as steep as the critical one.</summary>
    public IReadOnlyList<Item> Items => _items;

    /// <summary>The base's weight, within the capacity.</summary>
    public long Weight { get; private set; }

    /// <summary>The base's cost in units.</summary>
    public long Cost { get; private set; }

    /// <summary>The capacity that the base leaves unused.</summary>
    public long Slack { get; }

    /// <summary>The linear relaxation's optimum in units, times DW.</summary>
    public Int128 ScaledBound { get; }

    /// <summary>DW: the factor of <see cref="ScaledBound"/> and of excesses.</summary>
    public long Scale => _edge.Weight;

    /// <summary>DC: what a unit of weight costs, times <see cref="Scale"/>.</summary>
    public long Price => _edge.Saving;

    /// <summary>The most excess of a selection that is cheaper than an incumbent.</summary>
    /// <param name="cost">The incumbent's cost, relative to the base.</param>
    public Int128 GapTo(long cost) => Math.BigMul(Cost + cost - 1, Scale) - ScaledBound;

    /// <summary>E of a deviation from a base.</summary>
    public Int128 Excess(long weight, long cost) => Math.BigMul(cost, _edge.Weight) + Math.BigMul(weight, _edge.Saving);

    /// <summary>True where doubles suffice to tell that a deviation's excess is above the gap; false says nothing.</summary>
    public bool IsBeyond(long weight, long cost, double gap)
    {
        var (costTerm, weightTerm) = ((double)cost * _edge.Weight, (double)weight * _edge.Saving);
        return costTerm + weightTerm - (1e-14 * (Math.Abs(costTerm) + Math.Abs(weightTerm))) > gap * (1 + 1e-14);
    }

    private int SteeperEdges(ParetoFront front)
    {
        var (low, high) = (0, front.Hull.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var (weight, saving) = front.Edge(middle);
            if (Math.BigMul(saving, _edge.Weight) > Math.BigMul(_edge.Saving, weight))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void Place(int c, int step, long capacity)
    {
        var front = _classes.Fronts[c];
        var raised = 0;
        if (step < front.Hull.Length - 1)
        {
            var (weight, saving) = front.Edge(step);
            if (Excess(weight, -saving) == 0)
            {
                _swaps.Add(new Swap(c, front.Hull[step], front.Hull[step + 1], weight, saving));
                raised = (int)Math.Min(_classes.Counts[c], (capacity - Weight) / weight);
                Weight += raised * weight;
                Cost -= raised * saving;
            }
        }

        if (raised > 0)
        {
            _items.Add(new Item(c, front.Hull[step + 1], raised));
        }

        if (raised < _classes.Counts[c])
        {
            _items.Add(new Item(c, front.Hull[step], _classes.Counts[c] - raised));
        }
    }
}
