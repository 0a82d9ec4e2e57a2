using System.Runtime.InteropServices;
using Rocket.Compression.Diagnostics;
using Rocket.Compression.Execution;
using Rocket.Models.Checkpoints;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Named sums over the tokens of the calibration windows, in double, each with the number of tokens that it sums over.</summary>
public abstract class MomentSums : IDisposable
{
    private const string TokensPrefix = "tokens.";
    private const long LargestPiece = 1L << 30;

    private readonly string _prefix;
    private readonly SortedDictionary<string, (Tensor Sum, long Tokens)> _sums = new(StringComparer.Ordinal);

    // The prefix begins the names of the sums in a file.
    private protected MomentSums(string prefix) => _prefix = prefix;

    /// <summary>The names seen, in ordinal order.</summary>
    public IEnumerable<string> Names => _sums.Keys;

    /// <summary>Ends the adding of windows: what was left out because it follows from the rest is written. From here on several threads may read.</summary>
    internal virtual void Complete()
    {
    }

    /// <summary>Throws where a sum holds NaN or infinite values.</summary>
    /// <param name="block">Index of the block, named in the error.</param>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3011: what was summed is not finite.</exception>
    public void EnsureFinite(int block)
    {
        foreach ((string name, (Tensor sum, long _)) in _sums)
        {
            using Tensor total = sum.sum();
            if (!double.IsFinite(total.Value<double>()))
            {
                throw CompressionErrors.ActivationsNotFinite($"block {block}, {_prefix}{name}");
            }
        }
    }

    /// <summary>Adds the sums of a file of <see cref="Save"/>. The order of the calls decides the bits of the sum.</summary>
    public void AddSaved(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        foreach (string name in file.Tensors.Select(info => info.Name).Where(name => name.StartsWith(_prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name => name[_prefix.Length..]))
        {
            using Tensor part = file.Get(_prefix + name).ToTensor();
            Add(name, part, TokensIn(file, name));
        }
    }

    /// <summary>Writes the sums as safetensors: F64 under prefix and name, and <c>tokens.NAME</c> I64.</summary>
    public void Save(Stream stream)
    {
        Complete();
        TensorInfo[] infos =
        [
            .. _sums.Select(entry => new TensorInfo(_prefix + entry.Key, TensorType.F64, [.. entry.Value.Sum.shape])),
            .. _sums.Select(entry => new TensorInfo(TokensPrefix + entry.Key, TensorType.I64, [])),
        ];
        using var writer = new SafetensorsWriter(stream, infos);
        foreach ((string name, (Tensor sum, long _)) in _sums)
        {
            WriteRows(writer, _prefix + name, sum);
        }

        foreach ((string name, (Tensor _, long tokens)) in _sums)
        {
            long count = tokens;
            writer.Write(TokensPrefix + name, MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref count, 1)));
        }

        writer.Complete();
    }

    // A Gram matrix may be larger than what TorchSharp hands out at once.
    private static void WriteRows(SafetensorsWriter writer, string name, Tensor sum)
    {
        long rows = sum.shape[0];
        long rowBytes = Math.Max(sum.numel() / Math.Max(rows, 1) * sizeof(double), 1);
        long atOnce = Math.Max(LargestPiece / rowBytes, 1);
        for (long row = 0; row < rows; row += atOnce)
        {
            using Tensor piece = sum.narrow(0, row, Math.Min(atOnce, rows - row));
            writer.Write(name, piece.Raw());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((Tensor sum, long _) in _sums.Values)
        {
            sum.Dispose();
        }

        _sums.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Number of tokens of a name that is in a file.</summary>
    internal static long TokensIn(SafetensorsFile file, string name) => MemoryMarshal.Read<long>(file.Get(TokensPrefix + name).Bytes);

    // The order of the calls decides the bits of the sum.
    private protected void Add(string name, Tensor part, long tokens) => SumOf(name, part.shape, tokens).PlusInPlace(part);

    // The sum that tokens are about to be added to.
    private protected Tensor SumOf(string name, long[] shape, long tokens)
    {
        if (!_sums.TryGetValue(name, out (Tensor Sum, long Tokens) known))
        {
            known = (zeros(shape, ScalarType.Float64).DetachFromDisposeScope(), 0);
        }

        _sums[name] = (known.Sum, known.Tokens + tokens);
        return known.Sum;
    }

    private protected (Tensor Sum, long Tokens)? Find(string name) => _sums.TryGetValue(name, out (Tensor, long) known) ? known : null;

    private protected static (Tensor Sum, long Tokens)? Load(string path, string prefix, string name)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Contains(prefix + name) ? (file.Get(prefix + name).ToTensor(), TokensIn(file, name)) : null;
    }

    private protected static long LoadTokens(string path, string prefix, string name)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Contains(prefix + name) ? TokensIn(file, name) : 0;
    }
}
