using Rocket.Compression.Native;
using Rocket.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>Cosines and sines of a rotary embedding for the positions 0..length-1, <c>[length, 2 n]</c>.</summary>
internal sealed class RotaryEmbedding : IDisposable
{
    private readonly Tensor _cosine;
    private readonly Tensor _sine;
    private readonly int _dimensions;

    public RotaryEmbedding(RopeSpec rope, int length, ComputeDevice device)
    {
        // Float32 throughout, as transformers computes the angles; on the processor, so that every device turns by the same ones.
        ReadOnlySpan<float> frequencies = rope.FrequenciesFor(length).AsSpan();
        _dimensions = 2 * frequencies.Length;
        using DisposeScope scope = NewDisposeScope();
        float[] positions = [.. Enumerable.Range(0, length)];
        Tensor angles = ((ReadOnlySpan<float>)positions).ToTensor(ScalarType.Float32, length).outer(frequencies.ToTensor(ScalarType.Float32, frequencies.Length));
        Tensor both = cat([angles, angles], dim: -1);
        _cosine = device.Place(both.cos().TimesInPlace(rope.Amplitude)).DetachFromDisposeScope();
        _sine = device.Place(both.sin().TimesInPlace(rope.Amplitude)).DetachFromDisposeScope();
    }

    /// <summary>Rotates the first 2 n dimensions of x <c>[heads, length, head_size]</c>.</summary>
    public Tensor Rotate(Tensor x)
    {
        long size = x.shape[^1];
        Tensor turned = size == _dimensions ? x : x.narrow(-1, 0, _dimensions);
        long half = _dimensions / 2;
        Tensor swapped = cat([turned.narrow(-1, half, half).neg(), turned.narrow(-1, 0, half)], dim: -1);
        Tensor rotated = (turned * _cosine).PlusInPlace(swapped * _sine);
        return size == _dimensions ? rotated : cat([rotated, x.narrow(-1, _dimensions, size - _dimensions)], dim: -1);
    }

    public void Dispose()
    {
        _cosine.Dispose();
        _sine.Dispose();
    }
}
