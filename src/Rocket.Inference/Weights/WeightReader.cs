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
/// <param name="isCopied">Whether sparse matrices of a type are copied with their zeros.</param>
internal sealed unsafe class WeightReader(Checkpoint checkpoint, RocketSection? section, Func<TensorType, bool> isCopied)
{
    private const string WeightSuffix = ".weight";

    private readonly Dictionary<string, FactorMap> _factored = new(StringComparer.Ordinal);

    /// <summary>Keys of the factored linears that were read.</summary>
    public IReadOnlyCollection<string> Factored => _factored.Keys;

    /// <summary>A matrix of its own.</summary>
    public DenseMatrix Matrix(string name, int rows, int columns)
    {
        TensorView view = Find(name, [rows, columns]);
        return view.Info.Type == TensorType.F64
            ? new DenseMatrix(Narrow(view, 0, (long)rows * columns), TensorType.F32, rows, columns)
            : new DenseMatrix(view.Pointer, view.Info.Type, rows, columns);
    }

    /// <summary>A matrix that is no linear of a block, the embedding or the head: as the source has it, or quantised.</summary>
    public WeightMatrix Table(string name, int rows, int columns)
    {
        string key = name.EndsWith(WeightSuffix, StringComparison.Ordinal) ? name[..^WeightSuffix.Length] : name;
        if (section is null || !section.Linears.TryGetValue(key, out FactoredLinear? factored))
        {
            return Matrix(name, rows, columns);
        }

        return factored.Form == LinearForm.Dense
            ? Factors(key, rows, columns, factored).Rows(0, rows, null).Matrix
            : throw InferenceErrors.UnknownLinear(checkpoint.Folder, $"{key} ({factored.Form})");
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
            return Factors(whole.Key, whole.DOut, whole.DIn, factored).Rows(linear.Fused?.FirstRow ?? 0, linear.DOut, bias);
        }

        if (section is not null && section.Linears.TryGetValue(linear.Key, out factored))
        {
            return Factors(linear.Key, linear.DOut, linear.DIn, factored).Rows(0, linear.DOut, bias);
        }

        // A part of a fused weight stands alone where another part of it is factored by itself.
        string own = linear.Key + WeightSuffix;
        if (linear.Fused is not { } part || (section is not null && !checkpoint.Contains(linear.Tensor)))
        {
            return new LinearWeights(null, Matrix(own, linear.DOut, linear.DIn), bias);
        }

        TensorView view = Find(linear.Tensor, [part.TotalRows, linear.DIn]);
        long first = (long)part.FirstRow * linear.DIn;
        DenseMatrix rows = view.Info.Type == TensorType.F64
            ? new DenseMatrix(Narrow(view, first, linear.Parameters), TensorType.F32, linear.DOut, linear.DIn)
            : new DenseMatrix(view.Pointer + (nint)(first * view.Info.Type.ByteSize()), view.Info.Type, linear.DOut, linear.DIn);
        return new LinearWeights(null, rows, bias);
    }

    // Those of a fused weight serve all of its parts.
    private FactorMap Factors(string key, int rows, int columns, FactoredLinear factored)
    {
        if (!_factored.TryGetValue(key, out FactorMap? map))
        {
            _factored.Add(key, map = Map(key, rows, columns, factored));
        }

        return map;
    }

    private FactorMap Map(string key, int rows, int columns, FactoredLinear factored)
    {
        if (factored.DIn != columns || factored.DOut != rows)
        {
            throw InferenceErrors.UnknownLinear(checkpoint.Folder, $"{key} [{factored.DOut}, {factored.DIn}]");
        }

        // Every tensor is checked before anything is read of it.
        foreach (TensorInfo expected in factored.Tensors(key))
        {
            Find(expected.Name, expected.Shape.AsSpan(), expected.Type);
        }

        StoredElements? mask = factored.HasMask ? Marks(key + FactoredLinear.MaskSuffix, factored) : null;
        TensorView values = checkpoint.Get(key + FactoredLinear.ValuesSuffix);
        WeightMatrix? dictionary = factored.Form == LinearForm.Dictionary ? Atoms(key, factored) : null;
        return factored.Quantization is { } quantization
            ? new PackedFactorMap(factored, dictionary, new PackedMatrix(Codes(key, FactoredLinear.ValuesSuffix, FactoredLinear.ScaleSuffix, FactoredLinear.ZeroSuffix, quantization, factored.NonZeros), factored.DOut, factored.K, mask))
            : new SparseFactorMap(factored, dictionary, mask!.Value, values.Pointer, isCopied(factored.Type));
    }

    private WeightMatrix Atoms(string key, FactoredLinear factored) => factored.Quantization is { } quantization
        ? new PackedMatrix(Codes(key, FactoredLinear.DictionarySuffix, FactoredLinear.DictionaryScaleSuffix, FactoredLinear.DictionaryZeroSuffix, quantization, factored.DictionaryElements), factored.K, factored.DIn, mask: null)
        : new DenseMatrix(checkpoint.Get(key + FactoredLinear.DictionarySuffix).Pointer, factored.Type, factored.K, factored.DIn);

    private PackedParts Codes(string key, string codes, string scale, string zero, Quantization quantization, long count)
    {
        TensorView scales = checkpoint.Get(key + scale);
        long groups = scales.ByteLength / Quantization.ScaleType.ByteSize();
        return new PackedParts(Stream(key + codes, count, quantization.Bits), scales, Stream(key + zero, groups, quantization.Bits), quantization);
    }

    // A stream of codes with nothing behind the last one.
    private TensorView Stream(string name, long count, int bits)
    {
        TensorView view = checkpoint.Get(name);
        int used = (int)(count * bits % 8);
        return used == 0 || ((byte*)view.Pointer)[view.ByteLength - 1] >> used == 0
            ? view
            : throw InferenceErrors.WrongCodes(checkpoint.FileOf(name), name, count, bits);
    }

    // Counts the stored elements of every row: what a row's product needs to find its values, and the check of the mask.
    private StoredElements Marks(string name, FactoredLinear factored)
    {
        TensorView view = checkpoint.Get(name);
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
            ? new StoredElements(view.Pointer, starts)
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
