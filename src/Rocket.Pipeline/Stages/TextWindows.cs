using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Corpora;

namespace Rocket.Pipeline.Stages;

/// <summary>The windows of a text that are measured.</summary>
/// <param name="Text">The tokenised text.</param>
/// <param name="Key">Its key.</param>
/// <param name="Count">Number of evenly spread windows; null: rolling, all tokens are predicted.</param>
/// <param name="Length">Tokens a window.</param>
/// <param name="Location">The place that asks for them, for errors.</param>
public sealed record TextWindows(TokenStream Text, Digest Key, int? Count, int Length, SourceLocation? Location)
{
    /// <summary>The windows themselves.</summary>
    /// <exception cref="RocketException">RKT3106: the text is too short.</exception>
    public IReadOnlyList<int[]> Cut() => Count is { } count
        ? TokenWindows.Cut(Text.Ids, TokenWindows.ForEvaluation(Text.Ids.Length, Length, count, Location), Length)
        : TokenWindows.Rolling(Text.Ids, Length, Location);
}
