using System.Numerics;
using System.Runtime.InteropServices;
using Rocket.Compression.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>
/// Fits the entries that a pruning kept: for every row, the least (w - v) G (w - v)^T over the v with its support, by conjugate gradients
/// that diag(G) preconditions. All rows step together, so a step is one product with G, and none raises the error.
/// </summary>
internal sealed class SparseRefinement : IDisposable
{
    private const float Smallest = 1e-30f;

    private readonly Tensor _gram;
    private readonly Tensor _pruned;
    private readonly Tensor _residual;
    private readonly Tensor _direction;
    private readonly float[] _inverse;
    private readonly float[] _energies;
    private readonly int _columns;

    /// <summary>Takes the first direction, with a product with G.</summary>
    /// <param name="weight">W, float32 <c>[d_out, d_in]</c>; not kept.</param>
    /// <param name="gram">G, float32 <c>[d_in, d_in]</c>; not owned.</param>
    /// <param name="pruned">Where to start from, contiguous; its zeros stay. Not owned, and not changed.</param>
    public SparseRefinement(Tensor weight, Tensor gram, Tensor pruned)
    {
        using DisposeScope scope = NewDisposeScope();
        (_gram, _pruned) = (gram, pruned);
        _columns = (int)pruned.shape[1];
        _energies = new float[(int)pruned.shape[0]];
        _inverse = [.. gram.diagonal().contiguous().Elements<float>().ToArray().Select(g => g == 0 ? 0 : 1 / (g + Smallest))];
        Values = pruned.clone().DetachFromDisposeScope();
        _residual = weight.sub(pruned).mm(gram).DetachFromDisposeScope();
        _direction = empty_like(pruned).DetachFromDisposeScope();
        ReadOnlySpan<float> start = pruned.Elements<float>();
        Span<float> residuals = _residual.Elements<float>();
        Span<float> directions = _direction.Elements<float>();
        for (int j = 0; j < _energies.Length; j++)
        {
            int row = j * _columns;
            _energies[j] = Begin(start.Slice(row, _columns), residuals.Slice(row, _columns), directions.Slice(row, _columns));
        }
    }

    /// <summary>Steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>What they lead to, zero where the start is, float32 <c>[d_out, d_in]</c>; this object's.</summary>
    public Tensor Values { get; }

    /// <summary>Goes on until so many steps are taken; each takes a product with G.</summary>
    public void AdvanceTo(int steps)
    {
        ReadOnlySpan<float> start = _pruned.Elements<float>();
        Span<float> values = Values.Elements<float>();
        Span<float> residuals = _residual.Elements<float>();
        Span<float> directions = _direction.Elements<float>();
        for (; Steps < steps; Steps++)
        {
            using Tensor product = _direction.mm(_gram);
            ReadOnlySpan<float> images = product.Elements<float>();
            for (int j = 0; j < _energies.Length; j++)
            {
                int row = j * _columns;
                Span<float> direction = directions.Slice(row, _columns);
                Span<float> residual = residuals.Slice(row, _columns);
                ReadOnlySpan<float> image = images.Slice(row, _columns);
                float length = _energies[j] / (Vectors.Dot(direction, image) + Smallest);
                float next = Move(start.Slice(row, _columns), image, direction, values.Slice(row, _columns), residual, length);
                Turn(residual, direction, next / (_energies[j] + Smallest));
                _energies[j] = next;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        _residual.Dispose();
        _direction.Dispose();
    }

    // A row's loops run while it is in the cache; libtorch would stream the whole matrix once for every operation.
    private float Begin(ReadOnlySpan<float> pruned, Span<float> residual, Span<float> direction)
    {
        float energy = 0;
        for (int c = 0; c < pruned.Length; c++)
        {
            residual[c] = pruned[c] == 0 ? 0 : residual[c];
            direction[c] = residual[c] * _inverse[c];
            energy += residual[c] * direction[c];
        }

        return energy;
    }

    // values += length * direction, residual -= length * image where there is an entry; the residual's new energy.
    private float Move(ReadOnlySpan<float> pruned, ReadOnlySpan<float> image, ReadOnlySpan<float> direction, Span<float> values, Span<float> residual, float length)
    {
        ReadOnlySpan<Vector<float>> widePruned = MemoryMarshal.Cast<float, Vector<float>>(pruned);
        ReadOnlySpan<Vector<float>> wideImage = MemoryMarshal.Cast<float, Vector<float>>(image);
        ReadOnlySpan<Vector<float>> wideDirection = MemoryMarshal.Cast<float, Vector<float>>(direction);
        ReadOnlySpan<Vector<float>> wideInverse = MemoryMarshal.Cast<float, Vector<float>>((ReadOnlySpan<float>)_inverse);
        Span<Vector<float>> wideValues = MemoryMarshal.Cast<float, Vector<float>>(values);
        Span<Vector<float>> wideResidual = MemoryMarshal.Cast<float, Vector<float>>(residual);
        Vector<float> sums = Vector<float>.Zero;
        for (int i = 0; i < widePruned.Length; i++)
        {
            wideValues[i] += wideDirection[i] * length;
            Vector<float> left = wideResidual[i] - Vector.ConditionalSelect(Vector.Equals(widePruned[i], Vector<float>.Zero), Vector<float>.Zero, wideImage[i] * length);
            wideResidual[i] = left;
            sums += left * left * wideInverse[i];
        }

        float energy = Vector.Sum(sums);
        for (int c = widePruned.Length * Vector<float>.Count; c < pruned.Length; c++)
        {
            values[c] += direction[c] * length;
            residual[c] -= pruned[c] == 0 ? 0 : image[c] * length;
            energy += residual[c] * residual[c] * _inverse[c];
        }

        return energy;
    }

    private void Turn(ReadOnlySpan<float> residual, Span<float> direction, float share)
    {
        ReadOnlySpan<Vector<float>> wideResidual = MemoryMarshal.Cast<float, Vector<float>>(residual);
        ReadOnlySpan<Vector<float>> wideInverse = MemoryMarshal.Cast<float, Vector<float>>((ReadOnlySpan<float>)_inverse);
        Span<Vector<float>> wideDirection = MemoryMarshal.Cast<float, Vector<float>>(direction);
        for (int i = 0; i < wideResidual.Length; i++)
        {
            wideDirection[i] = (wideResidual[i] * wideInverse[i]) + (wideDirection[i] * share);
        }

        for (int c = wideResidual.Length * Vector<float>.Count; c < residual.Length; c++)
        {
            direction[c] = (residual[c] * _inverse[c]) + (direction[c] * share);
        }
    }
}
