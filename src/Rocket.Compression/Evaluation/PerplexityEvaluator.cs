using Rocket.Models.Scoring;

namespace Rocket.Compression.Evaluation;

/// <summary>Measures perplexity with any scorer.</summary>
public static class PerplexityEvaluator
{
    /// <summary>Scores windows of a text; the first token of a window is not predicted and no token is added.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="windows">Token ids of each window, all of one length.</param>
    /// <param name="tokens">T: tokens of the whole text.</param>
    /// <param name="words">Words of the whole text, or null.</param>
    /// <param name="bytes">UTF-8 bytes of the whole text, or null.</param>
    /// <param name="progress">Told the share done.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    public static PerplexityResult Evaluate(
        ITokenScorer scorer,
        IReadOnlyList<int[]> windows,
        long tokens,
        long? words,
        long? bytes,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(windows);
        double sum = 0;
        long predicted = 0;
        foreach (TokenScore[] scores in scorer.Score(windows, progress, cancellationToken))
        {
            foreach (TokenScore score in scores)
            {
                sum -= score.LogProbability;
            }

            predicted += scores.Length;
        }

        return new PerplexityResult
        {
            Tokens = tokens,
            PredictedTokens = predicted,
            Windows = windows.Count,
            Length = windows.Count > 0 ? windows[0].Length : 0,
            Nll = sum / predicted,
            Words = words,
            Bytes = bytes,
        };
    }
}
