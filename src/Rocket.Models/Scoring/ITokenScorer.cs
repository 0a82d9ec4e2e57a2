namespace Rocket.Models.Scoring;

/// <summary>Tells how probable a model finds given tokens. Metrics ask this and know nothing of how the model is run.</summary>
public interface ITokenScorer : IDisposable
{
    /// <summary>Number of token ids.</summary>
    int VocabularySize { get; }

    /// <summary>Scores every token of every sequence but the first, given those before it in the sequence.</summary>
    /// <param name="sequences">Token ids; no token is added.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>For each sequence of n tokens, n - 1 scores.</returns>
    IReadOnlyList<TokenScore[]> Score(IReadOnlyList<int[]> sequences, IProgress<double>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>How probable a token was.</summary>
/// <param name="LogProbability">Natural logarithm of its probability, in nats.</param>
/// <param name="IsMostProbable">No other token was more probable.</param>
public readonly record struct TokenScore(double LogProbability, bool IsMostProbable);
