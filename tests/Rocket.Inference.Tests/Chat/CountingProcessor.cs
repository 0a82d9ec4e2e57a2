using Rocket.Inference.Sampling;

namespace Rocket.Inference.Tests.Chat;

/// <summary>Counts the tokens that are drawn.</summary>
internal sealed class CountingProcessor : ILogitsProcessor
{
    private int _count;

    public int Count => _count;

    public void Process(ReadOnlySpan<int> tokens, Span<float> logits) => Interlocked.Increment(ref _count);
}
