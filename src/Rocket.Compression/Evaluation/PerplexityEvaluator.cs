using Rocket.Compression.Execution;
using Rocket.Models.Scoring;

namespace Rocket.Compression.Evaluation;

/// <summary>Measures perplexity with any scorer.</summary>
public static class PerplexityEvaluator
{
    /// <summary>Scores windows of a text; the first token of a window is not predicted and no token is added.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="windows">Token ids of each window.</param>
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
        return Result(scorer.Score(windows, progress, cancellationToken), windows, tokens, words, bytes);
    }

    /// <summary>The same, and in the same pass how the model agrees with the dense model that it was made from.</summary>
    /// <param name="scorer">The compressed model.</param>
    /// <param name="reference">The dense model's states over the same windows.</param>
    /// <param name="windows">Token ids of each window.</param>
    /// <param name="tokens">T: tokens of the whole text.</param>
    /// <param name="words">Words of the whole text, or null.</param>
    /// <param name="bytes">UTF-8 bytes of the whole text, or null.</param>
    /// <param name="progress">Told the share done.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    public static PerplexityResult Evaluate(
        TorchScorer scorer,
        ReferenceStates reference,
        IReadOnlyList<int[]> windows,
        long tokens,
        long? words,
        long? bytes,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(windows);
        IReadOnlyList<TokenComparison[]> compared = scorer.Compare(reference, windows, progress, cancellationToken);
        PerplexityResult result = Result([.. compared.Select(window => window.Select(token => token.Score).ToArray())], windows, tokens, words, bytes);
        long same = compared.Sum(window => window.LongCount(token => token.HasSameTop));
        double divergence = compared.Sum(window => window.Sum(token => token.Divergence));
        return result with { Agreement = new Agreement((double)same / result.PredictedTokens, divergence / result.PredictedTokens) };
    }

    private static PerplexityResult Result(IReadOnlyList<TokenScore[]> scores, IReadOnlyList<int[]> windows, long tokens, long? words, long? bytes)
    {
        double sum = 0;
        long predicted = 0;
        foreach (TokenScore[] window in scores)
        {
            foreach (TokenScore score in window)
            {
                sum -= score.LogProbability;
            }

            predicted += window.Length;
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
