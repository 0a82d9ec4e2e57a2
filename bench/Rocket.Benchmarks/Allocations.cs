using Microsoft.Extensions.AI;
using Rocket.Inference;
using Rocket.Inference.Chat;
using Rocket.Inference.Generation;
using Rocket.Inference.Sampling;

namespace Rocket.Benchmarks;

/// <summary>Managed memory that a streamed token takes, everything between the caller and the weights included.</summary>
internal static class Allocations
{
    private const int Warm = 32;
    private const int Tokens = 256;

    public static async Task RunAsync(string folder, int threads)
    {
        var drawn = new Counter();
        using RocketChatClient client = RocketChatClient.Load(folder, new RocketChatOptions
        {
            Model = new RocketOptions { Threads = threads },
            Defaults = new GenerationOptions { MaxTokens = Warm + Tokens, Sampling = new SamplingOptions { Temperature = 0.8f, TopP = 0.9f, Seed = 1, Processors = [drawn] } },
        });
        long start = 0;
        int first = 0;
        long last = 0;
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync([new(ChatRole.User, "Tell me a long story.")]))
        {
            (start, first) = start == 0 && drawn.Count >= Warm ? (GC.GetTotalAllocatedBytes(precise: true), drawn.Count) : (start, first);
            last = update.FinishReason is null ? GC.GetTotalAllocatedBytes(precise: true) : last;
        }

        int tokens = drawn.Count - first;
        Console.WriteLine($"{Path.GetFileName(folder)}: {(double)(last - start) / tokens:f0} bytes a token over {tokens} tokens");
    }

    private sealed class Counter : ILogitsProcessor
    {
        public int Count { get; private set; }

        public void Process(ReadOnlySpan<int> tokens, Span<float> logits) => Count++;
    }
}
