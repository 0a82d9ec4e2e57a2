using System.Runtime.InteropServices;
using Rocket.Compression.Diagnostics;
using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Second moments of the output gradients of a block's linears: b_j = sum over tokens of (dL/dy_j)^2, in double.</summary>
/// <remarks>L is the next-token cross entropy summed over the calibration windows, in nats.</remarks>
public sealed class OutputMoments : IDisposable
{
    private const string MomentPrefix = "output.";
    private const string TokensPrefix = "tokens.";

    private readonly SortedDictionary<string, Moment> _moments = new(StringComparer.Ordinal);

    /// <summary>b of a linear, float64 <c>[d_out]</c>; null where no token reached it.</summary>
    public Tensor? Of(LinearSpec linear)
    {
        ArgumentNullException.ThrowIfNull(linear);
        return _moments.TryGetValue(linear.Key, out Moment? moment) ? moment.Squares : null;
    }

    /// <summary>Adds the squared gradients of one window. The order of the calls decides the bits of the sum.</summary>
    /// <param name="linear">The linear.</param>
    /// <param name="squares">Sum of the squares over the window's tokens, float64 <c>[d_out]</c>.</param>
    /// <param name="tokens">Tokens of the window that reached the linear.</param>
    public void Add(LinearSpec linear, Tensor squares, long tokens)
    {
        ArgumentNullException.ThrowIfNull(linear);
        ArgumentNullException.ThrowIfNull(squares);
        if (!_moments.TryGetValue(linear.Key, out Moment? moment))
        {
            moment = new Moment(zeros(squares.shape, ScalarType.Float64).DetachFromDisposeScope());
            _moments.Add(linear.Key, moment);
        }

        moment.Squares.PlusInPlace(squares);
        moment.Tokens += tokens;
    }

    /// <summary>Throws where a moment is NaN or infinite.</summary>
    /// <param name="block">Named in the error.</param>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3011: the gradients are not finite.</exception>
    public void EnsureFinite(int block)
    {
        foreach ((string name, Moment moment) in _moments)
        {
            using Tensor sum = moment.Squares.sum();
            if (!double.IsFinite(sum.Value<double>()))
            {
                throw CompressionErrors.ActivationsNotFinite($"block {block}, gradient of {name}");
            }
        }
    }

    /// <summary>Writes the moments as safetensors: <c>output.LINEAR</c> F64 and <c>tokens.LINEAR</c> I64.</summary>
    public void Save(Stream stream)
    {
        TensorInfo[] infos =
        [
            .. _moments.Select(entry => new TensorInfo(MomentPrefix + entry.Key, TensorType.F64, [.. entry.Value.Squares.shape])),
            .. _moments.Select(entry => new TensorInfo(TokensPrefix + entry.Key, TensorType.I64, [])),
        ];
        using var writer = new SafetensorsWriter(stream, infos);
        foreach ((string name, Moment moment) in _moments)
        {
            writer.Write(MomentPrefix + name, moment.Squares.Raw());
        }

        foreach ((string name, Moment moment) in _moments)
        {
            long tokens = moment.Tokens;
            writer.Write(TokensPrefix + name, MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref tokens, 1)));
        }

        writer.Complete();
    }

    /// <summary>Reads one linear's moments from a file that <see cref="Save"/> wrote.</summary>
    /// <returns>b (the caller's, float64 <c>[d_out]</c>) and the tokens that it sums over; null where no token reached the linear.</returns>
    public static (Tensor Squares, long Tokens)? Load(string path, LinearSpec linear)
    {
        ArgumentNullException.ThrowIfNull(linear);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (!file.Contains(MomentPrefix + linear.Key))
        {
            return null;
        }

        long tokens = MemoryMarshal.Read<long>(file.Get(TokensPrefix + linear.Key).Bytes);
        return (file.Get(MomentPrefix + linear.Key).ToTensor(), tokens);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Moment moment in _moments.Values)
        {
            moment.Squares.Dispose();
        }

        _moments.Clear();
    }

    private sealed class Moment(Tensor squares)
    {
        public Tensor Squares { get; } = squares;

        public long Tokens { get; set; }
    }
}
