using Rocket.Compression.Execution;
using Rocket.Compression.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>The lower half of a Gram matrix in panels of columns: what is above the diagonal is known from it.</summary>
internal static class GramPanels
{
    private const long Width = 192;

    /// <summary>The panels of X^T X, from the diagonal down: float32 <c>[d - first, width]</c> each, on the processor; the caller's.</summary>
    /// <param name="x">X <c>[tokens, d]</c>, on any device.</param>
    public static Tensor[] Of(Tensor x)
    {
        var panels = new List<Tensor>();
        using Tensor transposed = x.t();
        for (long first = 0; first < x.shape[1]; first += Width)
        {
            using Tensor rows = transposed.narrow(0, first, x.shape[1] - first);
            using Tensor columns = x.narrow(1, first, Math.Min(Width, x.shape[1] - first));
            panels.Add(ComputeDevice.Cpu.Place(rows.mm(columns)).DetachFromDisposeScope());
        }

        return [.. panels];
    }

    /// <summary>Adds panels to a sum <c>[d, d]</c>, whose upper half is left as it is.</summary>
    public static void AddTo(Tensor sum, IReadOnlyList<Tensor> panels)
    {
        for (int i = 0; i < panels.Count; i++)
        {
            using Tensor rows = sum.narrow(0, i * Width, panels[i].shape[0]);
            using Tensor part = rows.narrow(1, i * Width, panels[i].shape[1]);
            part.PlusInPlace(panels[i]);
        }
    }

    /// <summary>Writes the upper half of a sum from its lower half.</summary>
    public static void Mirror(Tensor sum)
    {
        using DisposeScope scope = NewDisposeScope();
        for (long first = 0; first + Width < sum.shape[0]; first += Width)
        {
            long next = first + Width;
            Tensor lower = sum.narrow(0, next, sum.shape[0] - next).narrow(1, first, Width);
            sum.narrow(0, first, Width).narrow(1, next, sum.shape[0] - next).copy_(lower.t());
        }
    }
}
