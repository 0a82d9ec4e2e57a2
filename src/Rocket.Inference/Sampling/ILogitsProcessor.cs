namespace Rocket.Inference.Sampling;

/// <summary>Changes logits before a token is drawn from them: the place to add a constraint or a penalty of one's own.</summary>
public interface ILogitsProcessor
{
    /// <summary>Changes the logits in place; negative infinity rules a token out.</summary>
    /// <param name="tokens">The sequence so far, prompt included.</param>
    /// <param name="logits">One a token id, <c>[vocabulary]</c>.</param>
    void Process(ReadOnlySpan<int> tokens, Span<float> logits);
}
