using System.Collections.Immutable;
using System.Globalization;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Commands;

/// <summary>Reads the shares of <c>--what-if 10%..60% --step 5%</c>.</summary>
internal static class ShareRange
{
    private const decimal DefaultStep = 0.05m;
    private const int MostShares = 1000;

    /// <summary>The shares, ascending; null: none are asked for.</summary>
    public static ImmutableArray<decimal>? Read(string? range, string? step)
    {
        if (range is null)
        {
            return step is null ? null : throw CommandLineErrors.Needs("--step", "--what-if");
        }

        string[] ends = range.Split("..");
        if (ends.Length != 2 || Share(ends[0]) is not { } from || Share(ends[1]) is not { } to || to < from)
        {
            throw CommandLineErrors.BadValue("--what-if", range, "a range of shares to remove such as 10%..60%");
        }

        decimal? distance = step is null ? DefaultStep : Share(step);
        return distance is > 0 && (to - from) / distance < MostShares
            ? [.. Enumerable.Range(0, (int)((to - from) / distance.Value) + 1).Select(i => from + (i * distance.Value))]
            : throw CommandLineErrors.BadValue("--step", step ?? "", $"a percentage such as 5% that makes at most {MostShares} shares");
    }

    private static decimal? Share(string text)
        => text.Trim() is var trimmed && trimmed.EndsWith('%')
            && decimal.TryParse(trimmed.AsSpan(0, trimmed.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal percent)
            && percent < 100
            ? percent / 100
            : null;
}
