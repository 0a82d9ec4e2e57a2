using System.Runtime.InteropServices;
using Rocket.Inference.Sampling;
using Rocket.Models.Tokenization;

namespace Rocket.Inference.Generation;

/// <summary>One text that a model continues, a token at a time. Not for several threads at once.</summary>
public sealed class TextGeneration
{
    private readonly InferenceSession _session;
    private readonly IReadOnlySet<int> _endTokens;
    private readonly Sampler _sampler;
    private readonly StreamingDecoder _decoder;
    private readonly StopMatcher _stops;
    private readonly List<int> _sequence;
    private readonly int _prompt;
    private readonly int _most;

    /// <summary>Prepares to continue a sequence.</summary>
    /// <param name="session">Holds the beginning of <paramref name="prompt"/> already, or nothing; not owned.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="endTokens">Tokens that end the text; they are no part of it.</param>
    /// <param name="prompt">The sequence so far, at least one token longer than the session is.</param>
    /// <param name="options">How to continue it.</param>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT8101, RKT8102: the prompt is too long, or an option outside of its range.</exception>
    public TextGeneration(InferenceSession session, Tokenizer tokenizer, IReadOnlySet<int> endTokens, ReadOnlySpan<int> prompt, GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(options);
        int room = session.Model.Spec.MaxPositions - prompt.Length;
        if (room < 1)
        {
            throw Diagnostics.GenerationErrors.PromptTooLong(prompt.Length, session.Model.Spec.MaxPositions);
        }

        if (options.MaxTokens is < 1)
        {
            throw Diagnostics.GenerationErrors.OutOfRange("max_tokens", $"{options.MaxTokens}", "1 or more");
        }

        _session = session;
        _endTokens = endTokens;
        _sampler = new Sampler(session.Model.Spec.VocabularySize, options.Sampling);
        _decoder = new StreamingDecoder(tokenizer);
        _stops = new StopMatcher(options.StopStrings);
        _most = Math.Min(options.MaxTokens ?? room, room);
        _prompt = prompt.Length;
        _sequence = new List<int>(prompt.Length + Math.Min(_most, 256));
        _sequence.AddRange(prompt);
    }

    /// <summary>Why it ended.</summary>
    public StopReason Reason { get; private set; }

    /// <summary>Tokens generated, the one that ended the text included.</summary>
    public int GeneratedTokens => _sequence.Count - _prompt;

    /// <summary>The sequence so far, prompt included.</summary>
    public ReadOnlySpan<int> Sequence => CollectionsMarshal.AsSpan(_sequence);

    /// <summary>Generates one more token and returns the text that is certain now, which may be empty; null once <see cref="Reason"/> is set.</summary>
    public string? Step()
    {
        if (Reason != StopReason.None)
        {
            return null;
        }

        // All but the session's own tokens: the prompt's rest first, then one at a time.
        int token = _sampler.Next(Sequence, _session.Append(Sequence[_session.Position..]));
        _sequence.Add(token);
        if (_endTokens.Contains(token))
        {
            Reason = StopReason.Stop;
            return Rest("");
        }

        string text = _stops.Append(_decoder.Append(token));
        if (_stops.IsStopped)
        {
            Reason = StopReason.Stop;
        }
        else if (GeneratedTokens >= _most)
        {
            Reason = StopReason.Length;
            return Rest(text);
        }

        return text;
    }

    private string Rest(string text)
    {
        text += _stops.Append(_decoder.Flush());
        return text + _stops.Flush();
    }
}
