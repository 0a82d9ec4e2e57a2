using System.Collections.Immutable;
using System.Globalization;
using Rocket.Pipeline.Manifest;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Commands;

/// <summary>The budgets of <c>--what-if 10%..60% --step 5%</c>, shares to remove, or of <c>--what-if 3..16 --step 0.5</c>, bits a weight.</summary>
/// <param name="Kind">What is limited.</param>
/// <param name="Limits">The limits, ascending.</param>
internal sealed record WhatIfRange(BudgetKind Kind, ImmutableArray<decimal> Limits)
{
    private const decimal DefaultShareStep = 0.05m;
    private const decimal DefaultBitStep = 0.5m;
    private const int MostPoints = 1000;
    private const int MostBits = 32;

    /// <summary>Bits a weight from 3 to 16.</summary>
    public static WhatIfRange EveryBit { get; } = new(BudgetKind.BitsPerWeight, [.. Enumerable.Range(3, 14).Select(bits => (decimal)bits)]);

    /// <summary>Shares from 10 to 70 %.</summary>
    public static WhatIfRange EveryShare { get; } = new(BudgetKind.Remove, [.. Enumerable.Range(2, 13).Select(step => step * DefaultShareStep)]);

    /// <summary>Reads the options; null: no curve is asked for.</summary>
    public static WhatIfRange? Read(string? range, string? step)
    {
        if (range is null)
        {
            return step is null ? null : throw CommandLineErrors.Needs("--step", "--what-if");
        }

        string[] ends = range.Split("..");
        bool isShares = ends[^1].TrimEnd().EndsWith('%');
        Func<string, decimal?> read = isShares ? Share : Bits;
        if (ends.Length != 2 || read(ends[0]) is not { } from || read(ends[1]) is not { } to || to < from)
        {
            throw CommandLineErrors.BadValue("--what-if", range, "a range of shares to remove such as 10%..60%, or of bits a weight such as 3..16");
        }

        decimal? distance = step is null ? isShares ? DefaultShareStep : DefaultBitStep : read(step);
        return distance is > 0 && (to - from) / distance < MostPoints
            ? new(
                isShares ? BudgetKind.Remove : BudgetKind.BitsPerWeight,
                [.. Enumerable.Range(0, (int)((to - from) / distance.Value) + 1).Select(i => from + (i * distance.Value))])
            : throw CommandLineErrors.BadValue("--step", step ?? "", $"{(isShares ? "a percentage such as 5%" : "a number of bits such as 0.5")} that makes at most {MostPoints} points");
    }

    private static decimal? Share(string text)
        => text.Trim() is var trimmed && trimmed.EndsWith('%') && Number(trimmed[..^1]) is { } percent && percent < 100 ? percent / 100 : null;

    private static decimal? Bits(string text) => Number(text) is { } bits and <= MostBits ? bits : null;

    private static decimal? Number(string text) => decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) ? number : null;
}
