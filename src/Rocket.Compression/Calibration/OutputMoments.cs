using Rocket.Models.Architectures;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Second moments of the output gradients of a block's linears: b_j = sum over tokens of (dL/dy_j)^2, in double.</summary>
/// <remarks>L is the next-token cross entropy summed over the calibration windows, in nats.</remarks>
public sealed class OutputMoments() : MomentSums(Prefix)
{
    private const string Prefix = "output.";

    /// <summary>b of a linear, float64 <c>[d_out]</c>; null where no token reached it.</summary>
    public Tensor? Of(LinearSpec linear)
    {
        ArgumentNullException.ThrowIfNull(linear);
        return Find(linear.Key)?.Sum;
    }

    /// <summary>Adds the squared gradients of one window. The order of the calls decides the bits of the sum.</summary>
    /// <param name="linear">The linear.</param>
    /// <param name="squares">Sum of the squares over the window's tokens, float32 or float64 <c>[d_out]</c>.</param>
    /// <param name="tokens">Tokens of the window that reached the linear.</param>
    public void Add(LinearSpec linear, Tensor squares, long tokens)
    {
        ArgumentNullException.ThrowIfNull(linear);
        ArgumentNullException.ThrowIfNull(squares);
        Add(linear.Key, squares, tokens);
    }

    /// <summary>Reads one linear's moments from a file of <see cref="MomentSums.Save"/>.</summary>
    /// <returns>b (the caller's, float64 <c>[d_out]</c>) and the tokens that it sums over; null where no token reached the linear.</returns>
    public static (Tensor Squares, long Tokens)? Load(string path, LinearSpec linear)
    {
        ArgumentNullException.ThrowIfNull(linear);
        return Load(path, Prefix, linear.Key);
    }

    /// <summary>Reads the number of tokens that the moments of a linear sum over, from a file of <see cref="MomentSums.Save"/>.</summary>
    public static long LoadTokens(string path, LinearSpec linear)
    {
        ArgumentNullException.ThrowIfNull(linear);
        return LoadTokens(path, Prefix, linear.Key);
    }
}
