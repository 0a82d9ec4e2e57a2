using Rocket.Compression.Native;
using Rocket.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>The float32 weights of one block. Read-only, so that several threads may use them at once.</summary>
public sealed class BlockWeights : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    private BlockWeights(ComputeDevice device) => Device = device;

    /// <summary>Where they lie.</summary>
    public ComputeDevice Device { get; }

    /// <summary>Loads every tensor that a block names.</summary>
    public static BlockWeights Load(BlockSpec block, WeightLoader loader)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(loader);
        var weights = new BlockWeights(loader.Device);
        try
        {
            using DisposeScope scope = NewDisposeScope();
            weights.AddLinears(block, loader);
            weights.AddNorms(block, loader);
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>The weight of a linear, <c>[d_out, d_in]</c>.</summary>
    public Tensor this[LinearSpec linear] => _tensors[linear.Key];

    /// <summary>The factor of a norm (1 + w already where the norm is so), <c>[size]</c>.</summary>
    public Tensor this[NormSpec norm] => _tensors[norm.Tensor];

    /// <summary>The bias of a norm.</summary>
    public Tensor BiasOf(NormSpec norm) => _tensors[norm.Bias!];

    /// <summary>y = x W^T + b for x <c>[tokens, d_in]</c>; shown to the observer.</summary>
    public Tensor Apply(LinearSpec linear, Tensor x, IBlockObserver? observer = null)
    {
        Tensor weight = this[linear];
        Tensor y = linear.Bias is null ? x.mm(weight.t()) : torch.addmm(_tensors[linear.Key + ".bias"], x, weight.t(), 1, 1);
        observer?.ObserveOutput(linear, y);
        return y;
    }

    /// <summary>Puts another weight in a linear's place, before any thread runs the block.</summary>
    /// <param name="linear">The linear.</param>
    /// <param name="weight">Float32 <c>[d_out, d_in]</c>, on any device; copied.</param>
    public void Replace(LinearSpec linear, Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(linear);
        ArgumentNullException.ThrowIfNull(weight);
        this[linear].copy_(weight);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _tensors.Values)
        {
            tensor.Dispose();
        }

        _tensors.Clear();
    }

    private void AddLinears(BlockSpec block, WeightLoader loader)
    {
        foreach (LinearSpec linear in block.Linears)
        {
            _tensors.Add(linear.Key, loader.Load(linear).DetachFromDisposeScope());
            if (linear.Bias is { } bias)
            {
                Tensor whole = loader.Load(bias);
                Tensor part = linear.Fused is { } fused ? whole.narrow(0, fused.FirstRow, linear.DOut).clone() : whole;
                _tensors.Add(linear.Key + ".bias", part.DetachFromDisposeScope());
            }
        }
    }

    private void AddNorms(BlockSpec block, WeightLoader loader)
    {
        foreach (NormSpec norm in block.Norms.OfType<NormSpec>())
        {
            _tensors.Add(norm.Tensor, Normalization.LoadFactor(norm, loader).DetachFromDisposeScope());
            if (norm.Bias is { } bias)
            {
                _tensors.Add(bias, loader.Load(bias).DetachFromDisposeScope());
            }
        }
    }
}
