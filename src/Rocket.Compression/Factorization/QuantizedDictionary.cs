using Rocket.Compression.Execution;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>Rounds a dictionary and its coefficients: the atoms to their nearest codes, the coefficients for the atoms that are left.</summary>
internal static class QuantizedDictionary
{
    private const int Sweeps = 4;

    /// <summary>Rounds.</summary>
    /// <param name="weight">W, float32 <c>[d_out, d_in]</c>.</param>
    /// <param name="gram">G, float32 <c>[d_in, d_in]</c>.</param>
    /// <param name="dictionary">Atoms <c>[k, d_in]</c>.</param>
    /// <param name="coefficients">C^T <c>[d_out, k]</c>.</param>
    /// <param name="quantization">How.</param>
    /// <returns>Codes of the atoms and of the coefficients, which coefficients are stored, and W^.</returns>
    public static (QuantizedMatrix Atoms, QuantizedMatrix Coefficients, bool[] Kept, Tensor Product) Run(
        Tensor weight, Tensor gram, Tensor dictionary, Tensor coefficients, Quantization quantization)
    {
        using DisposeScope scope = NewDisposeScope();
        bool[] kept = QuantizedFactorizer.Support(coefficients.Elements<float>());
        QuantizedMatrix atoms = Nearest(dictionary.contiguous(), quantization);
        QuantizedMatrix codes = Nearest(coefficients.contiguous(), quantization);
        Tensor rounded = QuantizedFactorizer.Values(atoms, []);

        // In the coefficients the error is a square whose matrix is D G D^T.
        Tensor image = gram.mm(rounded.t());
        Tensor residual = (weight - QuantizedFactorizer.Values(codes, kept).mm(rounded)).mm(image);
        QuantizedDescent.Run(codes, kept, residual, rounded.mm(image), Sweeps);
        return (atoms, codes, kept, QuantizedFactorizer.Values(codes, kept).mm(rounded).MoveToOuterDisposeScope());
    }

    /// <summary>The nearest codes of every group for itself.</summary>
    public static QuantizedMatrix Nearest(Tensor matrix, Quantization quantization)
    {
        (int rows, int columns) = ((int)matrix.shape[0], (int)matrix.shape[1]);
        var codes = new QuantizedMatrix(rows, columns, quantization);
        ReadOnlySpan<float> values = matrix.Elements<float>();
        float[] weights = new float[quantization.GroupSize];
        Array.Fill(weights, 1);
        for (int group = 0; group < codes.Scales.Length; group++)
        {
            int column = group % codes.Groups * quantization.GroupSize;
            int start = (group / codes.Groups * columns) + column;
            ReadOnlySpan<float> own = values.Slice(start, Math.Min(quantization.GroupSize, columns - column));
            QuantizationRange range = QuantizationRange.Of(own, weights.AsSpan(0, own.Length), quantization);
            (codes.Scales[group], codes.Zeros[group]) = (range.Scale, range.Zero);
            for (int i = 0; i < own.Length; i++)
            {
                codes.Codes[start + i] = range.CodeOf(own[i]);
            }
        }

        return codes;
    }
}
