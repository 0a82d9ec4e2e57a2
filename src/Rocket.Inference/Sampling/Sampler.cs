using Rocket.Inference.Diagnostics;

namespace Rocket.Inference.Sampling;

/// <summary>Draws one token after another for one sequence; allocates nothing a token. Not for several threads at once.</summary>
public sealed class Sampler
{
    private readonly SamplingOptions _options;
    private readonly float[] _logits;
    private readonly Candidates? _candidates;
    private readonly Dictionary<int, int> _generated = [];
    private RandomStream _random;

    /// <summary>Creates a sampler for a vocabulary.</summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT8102: an option is outside of its range.</exception>
    public Sampler(int vocabularySize, SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Validate(options);
        _options = options;
        _logits = new float[vocabularySize];
        _candidates = options.Temperature > 0 ? new Candidates(vocabularySize) : null;
        _random = new RandomStream((ulong)(options.Seed ?? Random.Shared.NextInt64()));
    }

    /// <summary>The next token.</summary>
    /// <param name="tokens">The sequence so far, prompt included.</param>
    /// <param name="logits">What the model finds, <c>[vocabulary]</c>; left as it is.</param>
    public int Next(ReadOnlySpan<int> tokens, ReadOnlySpan<float> logits)
    {
        ReadOnlySpan<float> adjusted = Adjust(tokens, logits);
        int token;
        if (_candidates is null)
        {
            token = Greatest(adjusted);
        }
        else
        {
            _candidates.Fill(adjusted, _options);
            token = _candidates.Draw(_random.Next());
        }

        if (_options.FrequencyPenalty != 0 || _options.PresencePenalty != 0)
        {
            _generated[token] = _generated.GetValueOrDefault(token) + 1;
        }

        return token;
    }

    /// <summary>The id of the greatest logit; of equal ones the smallest.</summary>
    internal static int Greatest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int id = 1; id < logits.Length; id++)
        {
            best = logits[id] > logits[best] ? id : best;
        }

        return best;
    }

    private ReadOnlySpan<float> Adjust(ReadOnlySpan<int> tokens, ReadOnlySpan<float> logits)
    {
        bool isPlain = _options is { RepetitionPenalty: 1, FrequencyPenalty: 0, PresencePenalty: 0, Processors: [] };
        if (isPlain)
        {
            return logits;
        }

        Span<float> adjusted = _logits;
        logits.CopyTo(adjusted);
        if (_options.RepetitionPenalty != 1)
        {
            foreach (int token in tokens)
            {
                // From the untouched logit, so that a token that occurred twice is penalised once.
                adjusted[token] = logits[token] > 0 ? logits[token] / _options.RepetitionPenalty : logits[token] * _options.RepetitionPenalty;
            }
        }

        foreach ((int token, int count) in _generated)
        {
            adjusted[token] -= (count * _options.FrequencyPenalty) + _options.PresencePenalty;
        }

        foreach (ILogitsProcessor processor in _options.Processors)
        {
            processor.Process(tokens, adjusted);
        }

        return adjusted;
    }

    private static void Validate(SamplingOptions options)
    {
        Check(options.Temperature is >= 0 and <= 100, "temperature", options.Temperature, "0 to 100");
        Check(options.TopK >= 0, "top_k", options.TopK, "0 or more");
        Check(options.TopP is > 0 and <= 1, "top_p", options.TopP, "above 0, up to 1");
        Check(options.MinP is >= 0 and <= 1, "min_p", options.MinP, "0 to 1");
        Check(options.RepetitionPenalty is > 0 and <= 100, "repetition_penalty", options.RepetitionPenalty, "above 0, up to 100");
        Check(options.FrequencyPenalty is >= -100 and <= 100, "frequency_penalty", options.FrequencyPenalty, "-100 to 100");
        Check(options.PresencePenalty is >= -100 and <= 100, "presence_penalty", options.PresencePenalty, "-100 to 100");
    }

    private static void Check(bool isValid, string name, float value, string range)
    {
        if (!isValid)
        {
            throw GenerationErrors.OutOfRange(name, FormattableString.Invariant($"{value}"), range);
        }
    }
}
