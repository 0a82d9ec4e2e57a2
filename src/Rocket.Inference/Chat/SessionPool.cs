namespace Rocket.Inference.Chat;

/// <summary>Sessions that are not in use: the next turn of a conversation takes its own again, with what it holds.</summary>
internal sealed class SessionPool(RocketModel model, int kept) : IDisposable
{
    private readonly LinkedList<InferenceSession> _idle = new();
    private readonly Lock _lock = new();
    private bool _isDisposed;

    /// <summary>The session that shares the longest beginning with the prompt, cut to it; at least one token is left to compute.</summary>
    public InferenceSession Take(ReadOnlySpan<int> prompt)
    {
        InferenceSession? best = null;
        int longest = 0;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(RocketChatClient));
            foreach (InferenceSession candidate in _idle)
            {
                int shared = Math.Min(prompt.CommonPrefixLength(candidate.Tokens), prompt.Length - 1);
                (best, longest) = shared > longest ? (candidate, shared) : (best, longest);
            }

            if (best is not null)
            {
                _idle.Remove(best);
            }
        }

        best?.Truncate(longest);
        return best ?? model.CreateSession();
    }

    /// <summary>Keeps a session; the ones that were not used for longest make room.</summary>
    public void Return(InferenceSession session)
    {
        List<InferenceSession> surplus = [];
        lock (_lock)
        {
            _idle.AddFirst(session);
            while (_idle.Count > (_isDisposed ? 0 : kept))
            {
                surplus.Add(_idle.Last!.Value);
                _idle.RemoveLast();
            }
        }

        surplus.ForEach(old => old.Dispose());
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (InferenceSession session in _idle)
            {
                session.Dispose();
            }

            _idle.Clear();
        }
    }
}
