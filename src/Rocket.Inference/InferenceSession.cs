namespace Rocket.Inference;

/// <summary>One growing sequence of tokens and its key/value cache. Not for several threads at once.</summary>
public sealed class InferenceSession : IDisposable
{
    internal InferenceSession(RocketModel model) => Model = model;

    /// <summary>The model that runs it; not owned.</summary>
    public RocketModel Model { get; }

    /// <summary>Tokens so far.</summary>
    public int Position { get; private set; }

    /// <summary>Appends tokens (one or many) and computes what may follow.</summary>
    /// <param name="tokens">Token ids, at least one.</param>
    /// <returns>Logits <c>[vocabulary]</c> after the last of them; valid until the next call on this session.</returns>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT8xxx: a token is outside the vocabulary, or a weight is not finite.</exception>
    public ReadOnlySpan<float> Append(ReadOnlySpan<int> tokens) => throw new NotSupportedException();

    /// <summary>Forgets all tokens from <paramref name="position"/> on.</summary>
    /// <param name="position">Tokens to keep, 0 to <see cref="Position"/>.</param>
    public void Truncate(int position) => Position = position;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
