using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Keeps the outputs of a block's linears, so that gradients can be asked for them.</summary>
internal sealed class OutputRecorder : IBlockObserver
{
    private readonly List<(LinearSpec Linear, Tensor Output)> _outputs = [];

    /// <summary>The outputs in the order of execution; they live as long as the scope that the block ran in.</summary>
    public IReadOnlyList<(LinearSpec Linear, Tensor Output)> Outputs => _outputs;

    /// <inheritdoc/>
    public void ObserveOutput(LinearSpec linear, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _outputs.Add((linear, output.DetachFromDisposeScope()));
    }

    /// <summary>Gives the outputs back.</summary>
    public void Release()
    {
        foreach ((LinearSpec _, Tensor output) in _outputs)
        {
            output.Dispose();
        }

        _outputs.Clear();
    }
}
