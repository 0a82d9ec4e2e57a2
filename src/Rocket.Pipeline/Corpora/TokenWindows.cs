using System.Collections.Immutable;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Corpora;

/// <summary>Chooses windows of L tokens out of T: window w of the K = floor(T / L) begins at token w L.</summary>
public static class TokenWindows
{
    /// <summary>Windows for evaluation, evenly spread: window j of n begins at token floor(j K / n) L.</summary>
    /// <param name="tokens">T.</param>
    /// <param name="length">L.</param>
    /// <param name="count">n.</param>
    /// <param name="location">The place that asks for them, for errors.</param>
    /// <returns>The first token of each window, ascending.</returns>
    /// <exception cref="RocketException">There are fewer than n windows (RKT3106).</exception>
    public static ImmutableArray<int> ForEvaluation(int tokens, int length, int count, SourceLocation? location = null)
    {
        int available = Available(tokens, length, count, location);
        return [.. Enumerable.Range(0, count).Select(j => (int)((long)j * available / count) * length)];
    }

    /// <summary>Windows for calibration: n of the K, drawn without replacement.</summary>
    /// <remarks>
    /// The first n steps of a Fisher-Yates shuffle of 0..K-1 with <see cref="SplitMix64"/>: step i swaps entry i with entry
    /// i + Next(K - i). The drawn windows are then sorted.
    /// </remarks>
    /// <param name="tokens">T.</param>
    /// <param name="length">L.</param>
    /// <param name="count">n.</param>
    /// <param name="seed">The generator's seed.</param>
    /// <param name="location">The place that asks for them, for errors.</param>
    /// <returns>The first token of each window, ascending.</returns>
    /// <exception cref="RocketException">There are fewer than n windows (RKT3106).</exception>
    public static ImmutableArray<int> ForCalibration(int tokens, int length, int count, long seed, SourceLocation? location = null)
    {
        int available = Available(tokens, length, count, location);
        int[] windows = [.. Enumerable.Range(0, available)];
        SplitMix64 random = new(unchecked((ulong)seed));
        for (int i = 0; i < count; i++)
        {
            int j = i + (int)random.Next((ulong)(available - i));
            (windows[i], windows[j]) = (windows[j], windows[i]);
        }

        return [.. windows.Take(count).Order().Select(window => window * length)];
    }

    /// <summary>Windows over a whole text, each beginning with the last token of the one before, so that every token but the first is predicted once.</summary>
    /// <param name="ids">The T token ids.</param>
    /// <param name="length">Tokens a window, at least 2; the last may have fewer.</param>
    /// <param name="location">The place that asks for them, for errors.</param>
    /// <exception cref="RocketException">There are fewer than two tokens (RKT3106).</exception>
    public static IReadOnlyList<int[]> Rolling(int[] ids, int length, SourceLocation? location = null)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        Available(ids.Length, 2, 1, location);
        return [.. Enumerable.Range(0, (ids.Length - 1 + length - 2) / (length - 1)).Select(w => ids[(w * (length - 1))..Math.Min((w * (length - 1)) + length, ids.Length)])];
    }

    /// <summary>The windows themselves.</summary>
    /// <returns>For each start, <paramref name="length"/> token ids.</returns>
    public static IReadOnlyList<int[]> Cut(int[] ids, IEnumerable<int> starts, int length) =>
        [.. starts.Select(start => ids[start..(start + length)])];

    private static int Available(int tokens, int length, int count, SourceLocation? location)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        int available = tokens / length;
        return available >= count ? available : throw CorpusErrors.TooShort(location, count, available, length, tokens);
    }
}
