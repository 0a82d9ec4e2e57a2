using System.Numerics;
using Rocket.Inference.Diagnostics;
using Rocket.Inference.Kernels;
using Rocket.Inference.Memory;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Inference.Weights;

/// <summary>Finds weights in a checkpoint and checks shapes, types and masks. Matrices stay in the memory map; small vectors become float32.</summary>
/// <param name="checkpoint">The tensors.</param>
/// <param name="section">The artifact's section, or null for a dense model.</param>
internal sealed unsafe class WeightReader(Checkpoint checkpoint, RocketSection? section)
{
    private readonly Dictionary<string, FactorMap> _factored = new(StringComparer.Ordinal);

    /// <summary>Keys of the factored linears that were read.</summary>
    public IReadOnlyCollection<string> Factored => _factored.Keys;

    /// <summary>A matrix of its own.</summary>
    public DenseMatrix Matrix(string name, int rows, int columns)
    {
        TensorView view = Find(name, [rows, columns]);
        return view.Info.Type == TensorType.F64
            ? new DenseMatrix(Narrow(view, 0, (long)rows * columns), rows, columns)
            : new DenseMatrix(view.Pointer, view.Info.Type, rows, columns);
    }

    /// <summary>A vector in float32; null for null.</summary>
    public NativeBuffer? Vector(string? name, int length, int first = 0, int? total = null)
        => name is null ? null : ToFloat32(Find(name, [total ?? length]), first, length);

    /// <summary>A norm; null for null.</summary>
    public NormWeights? Norm(NormSpec? norm)
    {
        if (norm is null)
        {
            return null;
        }

        NativeBuffer factor = Vector(norm.Tensor, norm.Size)!;
        for (int i = 0; norm.UnitOffset && i < norm.Size; i++)
        {
            factor.Pointer[i] += 1;
        }

        return new NormWeights(norm, factor, Vector(norm.Bias, norm.Size));
    }

    /// <summary>A linear in whatever form it is stored.</summary>
    public LinearWeights Linear(LinearSpec linear)
    {
        NativeBuffer? bias = Vector(linear.Bias, linear.DOut, linear.Fused?.FirstRow ?? 0, linear.Fused?.TotalRows);
        LinearSpec whole = linear.Whole;
        if (section is not null && section.Linears.TryGetValue(whole.Key, out FactoredLinear? factored))
        {
            return Factors(whole, factored).Rows(linear.Fused?.FirstRow ?? 0, linear.DOut, bias);
        }

        if (section is not null && section.Linears.TryGetValue(linear.Key, out factored))
        {
            return Factors(linear, factored).Rows(0, linear.DOut, bias);
        }

        // A part of a fused weight stands alone where another part of it is factored by itself.
        string own = linear.Key + ".weight";
        if (linear.Fused is not { } part || (section is not null && !checkpoint.Contains(linear.Tensor)))
        {
            return new LinearWeights(null, Matrix(own, linear.DOut, linear.DIn), bias);
        }

        TensorView view = Find(linear.Tensor, [part.TotalRows, linear.DIn]);
        long first = (long)part.FirstRow * linear.DIn;
        DenseMatrix rows = view.Info.Type == TensorType.F64
            ? new DenseMatrix(Narrow(view, first, linear.Parameters), linear.DOut, linear.DIn)
            : new DenseMatrix(view.Pointer + (nint)(first * view.Info.Type.ByteSize()), view.Info.Type, linear.DOut, linear.DIn);
        return new LinearWeights(null, rows, bias);
    }

    // Those of a fused weight serve all of its parts.
    private FactorMap Factors(LinearSpec linear, FactoredLinear factored)
    {
        if (!_factored.TryGetValue(linear.Key, out FactorMap? map))
        {
            _factored.Add(linear.Key, map = Map(linear, factored));
        }

        return map;
    }

    private FactorMap Map(LinearSpec linear, FactoredLinear factored)
    {
        if (factored.DIn != linear.DIn || factored.DOut != linear.DOut)
        {
            throw InferenceErrors.UnknownLinear(checkpoint.Folder, $"{linear.Key} [{factored.DOut}, {factored.DIn}]");
        }

        Dictionary<string, TensorView> views = [];
        foreach (TensorInfo expected in factored.Tensors(linear.Key))
        {
            views[expected.Name] = Find(expected.Name, expected.Shape.AsSpan(), expected.Type);
        }

        string maskName = linear.Key + FactoredLinear.MaskSuffix;
        return new FactorMap(
            factored,
            factored.Form == LinearForm.Sparse ? null : new DenseMatrix(views[linear.Key + FactoredLinear.DictionarySuffix].Pointer, factored.Type, factored.K, factored.DIn),
            views[maskName].Pointer,
            views[linear.Key + FactoredLinear.ValuesSuffix].Pointer,
            RowStarts(maskName, views[maskName], factored));
    }

    // Counts the stored elements of every row: what a row's product needs to find its values, and the check of the mask.
    private int[] RowStarts(string name, TensorView view, FactoredLinear factored)
    {
        ReadOnlySpan<byte> mask = view.Bytes;
        if (LinearFactors.HasPadding(mask, factored.K))
        {
            throw InferenceErrors.WrongMask(checkpoint.FileOf(name), name, $"marks elements from column {factored.K} on, and there are none");
        }

        int stride = FactoredLinear.MaskStride(factored.K);
        int[] starts = GC.AllocateUninitializedArray<int>(factored.DOut + 1, pinned: true);
        starts[0] = 0;
        for (int row = 0; row < factored.DOut; row++)
        {
            int count = 0;
            byte* bytes = (byte*)view.Pointer + ((nint)row * stride);
            int i = 0;
            for (; i + sizeof(ulong) <= stride; i += sizeof(ulong))
            {
                count += BitOperations.PopCount(*(ulong*)(bytes + i));
            }

            for (; i < stride; i++)
            {
                count += BitOperations.PopCount(bytes[i]);
            }

            starts[row + 1] = starts[row] + count;
        }

        return starts[^1] == factored.NonZeros
            ? starts
            : throw InferenceErrors.WrongMask(checkpoint.FileOf(name), name, $"has {starts[^1]} bits set, and there are {factored.NonZeros} values");
    }

    // Of the given type, or of any floating-point type.
    private TensorView Find(string name, ReadOnlySpan<long> shape, TensorType? type = null)
    {
        if (!checkpoint.Contains(name))
        {
            throw InferenceErrors.MissingTensor(checkpoint.Folder, name);
        }

        TensorView view = checkpoint.Get(name);
        bool hasType = type is { } wanted ? view.Info.Type == wanted : view.Info.Type.IsFloatingPoint();
        return hasType && view.Info.Shape.AsSpan().SequenceEqual(shape)
            ? view
            : throw InferenceErrors.WrongTensor(checkpoint.FileOf(name), view.Info, $"{type?.SafetensorsName() ?? "floating-point numbers"} [{string.Join(", ", shape.ToArray())}]");
    }

    private static NativeBuffer ToFloat32(TensorView view, int first, int length)
    {
        if (view.Info.Type == TensorType.F64)
        {
            return Narrow(view, first, length);
        }

        var vector = new NativeBuffer(length);
        ScalarKernels.Read((byte*)view.Pointer + (first * view.Info.Type.ByteSize()), view.Info.Type, length, vector.Pointer);
        return vector;
    }

    private static NativeBuffer Narrow(TensorView view, long first, long length)
    {
        var narrow = new NativeBuffer(length);
        for (long i = 0; i < length; i++)
        {
            narrow.Pointer[i] = (float)((double*)view.Pointer)[first + i];
        }

        return narrow;
    }
}
