using Rocket.Compression.Native;
using Rocket.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>Causal self-attention of one sequence, in chunks of queries so that memory is linear in its length.</summary>
internal static class AttentionExecutor
{
    // libtorch's products sum over keys in blocks of so many (x86-64). Where keys end with a block, every bit is that of all keys at once:
    // a short chunk of queries then changes no last bit of a model, as it would if its keys ended with its last query. That costs 2 % of a pass.
    private const int KeyBlock = 384;

    /// <summary>The attention's output <c>[tokens, hidden]</c> for its normed input x <c>[tokens, hidden]</c>.</summary>
    public static Tensor Run(AttentionSpec spec, BlockWeights weights, RotaryEmbedding? rotary, Tensor x, IBlockObserver? observer)
    {
        var slot = new InputSlot(InputKind.Attention);
        observer?.ObserveInput(slot, x);
        Tensor query = Heads(spec, weights.Apply(spec.Query, x, observer), spec.Heads, spec.QueryNorm, weights, rotary);
        Tensor key = Heads(spec, weights.Apply(spec.Key, x, observer), spec.KeyValueHeads, spec.KeyNorm, weights, rotary);
        Tensor value = Heads(spec, weights.Apply(spec.Value, x, observer), spec.KeyValueHeads, null, weights, null);

        long tokens = x.shape[0];
        var chunks = new List<Tensor>();
        for (long start = 0; start < tokens; start += BlockExecutor.QueryChunk)
        {
            chunks.Add(Chunk(spec, weights.Device, query, key, value, start, Math.Min(BlockExecutor.QueryChunk, tokens - start), tokens));
        }

        Tensor heads = chunks.Count == 1 ? chunks[0] : cat(chunks, dim: 1);
        Tensor joined = heads.transpose(0, 1).reshape(tokens, (long)spec.Heads * spec.HeadSize);
        observer?.ObserveInput(new InputSlot(InputKind.AttentionOutput), joined);
        return weights.Apply(spec.Output, joined, observer);
    }

    // [tokens, heads * size] -> [heads, tokens, size], normed and rotated.
    private static Tensor Heads(AttentionSpec spec, Tensor x, int heads, NormSpec? norm, BlockWeights weights, RotaryEmbedding? rotary)
    {
        bool perHead = norm is not null && norm.Size == spec.HeadSize;
        Tensor flat = perHead ? x : Normalization.Apply(norm, weights, x);
        Tensor split = flat.view(x.shape[0], heads, spec.HeadSize);
        Tensor ready = (perHead ? Normalization.Apply(norm, weights, split) : split).transpose(0, 1);
        return rotary is null ? ready : rotary.Rotate(ready);
    }

    // Queries start..start+count-1 against the keys that they can see, and what else is in the last block of them; [heads, count, size].
    private static Tensor Chunk(AttentionSpec spec, ComputeDevice device, Tensor query, Tensor key, Tensor value, long start, long count, long tokens)
    {
        using DisposeScope scope = NewDisposeScope();
        long end = Math.Min(tokens, (start + count + KeyBlock - 1) / KeyBlock * KeyBlock);
        long first = spec.Window is { } window ? Math.Max(0, start - window + 1) : 0;
        long groups = spec.Heads / spec.KeyValueHeads;

        Tensor q = query.narrow(1, start, count).Times(spec.Scale).reshape(spec.KeyValueHeads, groups * count, spec.HeadSize);
        Tensor k = key.narrow(1, first, end - first);
        Tensor v = value.narrow(1, first, end - first);
        Tensor scores = q.matmul(k.transpose(1, 2));
        if (spec.SoftCap is { } cap)
        {
            scores = scores.Times(1.0 / cap).tanh().Times(cap);
        }

        Tensor masked = scores.view(spec.Heads, count, end - first).PlusInPlace(Mask(start, count, first, end, spec.Window, device));
        Tensor probabilities = masked.softmax(-1).view(spec.KeyValueHeads, groups * count, end - first);
        return probabilities.matmul(v).reshape(spec.Heads, count, spec.HeadSize).MoveToOuterDisposeScope();
    }

    // 0 where query i sees key j (i - window < j <= i), else minus infinity; [count, end - first].
    private static Tensor Mask(long start, long count, long first, long end, int? window, ComputeDevice device)
    {
        long width = end - first;
        Tensor mask = empty([count, width], ScalarType.Float32);
        Span<float> values = mask.Elements<float>();
        for (long i = start; i < start + count; i++)
        {
            Span<float> row = values.Slice((int)((i - start) * width), (int)width);
            row.Fill(float.NegativeInfinity);
            long from = window is { } keys ? Math.Max(i - keys + 1, first) : first;
            row[(int)(from - first)..(int)(i - first + 1)].Clear();
        }

        return device.Place(mask);
    }
}
