using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Keeps tensors that a block shows while it runs, beyond the dispose scopes of its executor; frees them when it is disposed of.</summary>
/// <typeparam name="TKey">What a tensor is known by.</typeparam>
internal abstract class TensorRecorder<TKey> : IDisposable
{
    private readonly List<(TKey Key, Tensor Tensor)> _kept = [];

    /// <summary>The tensors in the order in which they were shown.</summary>
    public IReadOnlyList<(TKey Key, Tensor Tensor)> Kept => _kept;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((TKey _, Tensor tensor) in _kept)
        {
            tensor.Dispose();
        }

        _kept.Clear();
    }

    /// <summary>Keeps a tensor, which is the recorder's from here on.</summary>
    protected void Keep(TKey key, Tensor tensor) => _kept.Add((key, tensor.DetachFromDisposeScope()));
}
