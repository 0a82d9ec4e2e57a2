namespace Rocket.Compression.Evaluation;

/// <summary>How much more often one model is right than another on the same items, with the 95 % interval of the paired difference.</summary>
/// <param name="Items">Items that both answered, at least 1.</param>
/// <param name="Gained">Items that only this model got right.</param>
/// <param name="Lost">Items that only the other model got right.</param>
public sealed record AccuracyDifference(int Items, int Gained, int Lost)
{
    /// <summary>Difference of the two shares of right answers.</summary>
    public double Mean => (double)(Gained - Lost) / Items;

    /// <summary>Lower end of the interval.</summary>
    public double Low => Math.Max(-1, Mean - HalfWidth);

    /// <summary>Upper end of the interval.</summary>
    public double High => Math.Min(1, Mean + HalfWidth);

    // An item's difference is 1, 0 or -1: its variance over n is (gained + lost) / n - mean^2 (Wald's interval of paired proportions).
    private double HalfWidth => Accuracy.Quantile * Math.Sqrt(Math.Max(0, ((double)(Gained + Lost) / Items) - (Mean * Mean)) / Items);

    /// <summary>Compares two models item by item.</summary>
    /// <param name="answers">Whether this model got each item right.</param>
    /// <param name="others">Whether the other model did.</param>
    public static AccuracyDifference Of(IReadOnlyList<bool> answers, IReadOnlyList<bool> others)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(others);
        ArgumentOutOfRangeException.ThrowIfNotEqual(answers.Count, others.Count);
        int gained = 0;
        int lost = 0;
        for (int i = 0; i < answers.Count; i++)
        {
            gained += answers[i] && !others[i] ? 1 : 0;
            lost += others[i] && !answers[i] ? 1 : 0;
        }

        return new(answers.Count, gained, lost);
    }
}
