using System.Runtime.InteropServices;
using Rocket.Compression.Diagnostics;
using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Second moments of the distinct inputs of one block: Gram matrices G = X^T X in double.</summary>
public sealed class BlockMoments : IDisposable
{
    private readonly SortedDictionary<string, Moment> _moments = new(StringComparer.Ordinal);

    /// <summary>The inputs seen, in ordinal order of their names.</summary>
    public IEnumerable<string> Slots => _moments.Keys;

    /// <summary>G of an input, float64 <c>[d_in, d_in]</c>; null where no token reached it.</summary>
    public Tensor? Gram(InputSlot slot) => _moments.TryGetValue(slot.ToString(), out Moment? moment) ? moment.Gram : null;

    /// <summary>Number of tokens that G of an input sums over.</summary>
    public long Tokens(InputSlot slot) => _moments.TryGetValue(slot.ToString(), out Moment? moment) ? moment.Tokens : 0;

    /// <summary>Adds the moments of one window. The order of the calls decides the bits of the sum.</summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3011: the inputs are not finite.</exception>
    public void Add(WindowMoments window)
    {
        ArgumentNullException.ThrowIfNull(window);
        foreach ((InputSlot slot, Tensor gram, long tokens) in window.Moments)
        {
            string name = slot.ToString();
            if (!_moments.TryGetValue(name, out Moment? moment))
            {
                moment = new Moment(zeros(gram.shape, ScalarType.Float64).DetachFromDisposeScope());
                _moments.Add(name, moment);
            }

            moment.Gram.PlusInPlace(gram);
            moment.Tokens += tokens;
        }
    }

    /// <summary>Throws where a Gram matrix holds NaN or infinite values.</summary>
    /// <param name="block">Named in the error.</param>
    public void EnsureFinite(int block)
    {
        foreach ((string name, Moment moment) in _moments)
        {
            using Tensor trace = moment.Gram.trace();
            if (!double.IsFinite(trace.Value<double>()))
            {
                throw CompressionErrors.ActivationsNotFinite($"block {block}, {name}");
            }
        }
    }

    /// <summary>Writes the moments as safetensors: <c>gram.SLOT</c> F64 and <c>tokens.SLOT</c> I64.</summary>
    public void Save(Stream stream)
    {
        TensorInfo[] infos =
        [
            .. _moments.Select(entry => new TensorInfo(GramOf(entry.Key), TensorType.F64, [.. entry.Value.Gram.shape])),
            .. _moments.Select(entry => new TensorInfo("tokens." + entry.Key, TensorType.I64, [])),
        ];
        using var writer = new SafetensorsWriter(stream, infos);
        foreach ((string name, Moment moment) in _moments)
        {
            writer.Write(GramOf(name), moment.Gram.Raw());
        }

        foreach ((string name, Moment moment) in _moments)
        {
            long tokens = moment.Tokens;
            writer.Write("tokens." + name, MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref tokens, 1)));
        }

        writer.Complete();
    }

    /// <summary>Reads one input's moments from a file that <see cref="Save"/> wrote.</summary>
    /// <returns>G (the caller's) and the number of tokens; null where no token reached the input.</returns>
    public static (Tensor Gram, long Tokens)? Load(string path, InputSlot slot)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        string name = slot.ToString();
        return file.Contains(GramOf(name)) ? (file.Get(GramOf(name)).ToTensor(), TokensIn(file, name)) : null;
    }

    /// <summary>Reads the number of tokens that reached an input, from a file that <see cref="Save"/> wrote.</summary>
    public static long LoadTokens(string path, InputSlot slot)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        string name = slot.ToString();
        return file.Contains(GramOf(name)) ? TokensIn(file, name) : 0;
    }

    /// <summary>Name of an input's Gram matrix in a file.</summary>
    internal static string GramOf(string slot) => "gram." + slot;

    /// <summary>Number of tokens of an input that is in a file.</summary>
    internal static long TokensIn(SafetensorsFile file, string slot) => MemoryMarshal.Read<long>(file.Get("tokens." + slot).Bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Moment moment in _moments.Values)
        {
            moment.Gram.Dispose();
        }

        _moments.Clear();
    }

    private sealed class Moment(Tensor gram)
    {
        public Tensor Gram { get; } = gram;

        public long Tokens { get; set; }
    }
}
