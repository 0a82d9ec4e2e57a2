using Rocket.Compression.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>
/// Sparse coefficients in the whitened basis: the s largest of every column of the leading k rows, then a few alternations of the closed-form
/// dictionary with accelerated proximal gradient steps that end in hard thresholding. The best that was met is returned, so refinement never raises the error.
/// </summary>
internal static class DictionaryRefinement
{
    private const int Alternations = 3;
    private const int GradientSteps = 4;

    /// <summary>C^T <c>[d_out, k]</c>, s coefficients a row.</summary>
    /// <param name="target">Z^T <c>[d_out, m]</c>: the whitened weight in its own basis, by falling energy.</param>
    /// <param name="k">Number of atoms, at most m.</param>
    /// <param name="s">Coefficients a row, at most k.</param>
    /// <param name="refines">False: the first coefficients are the last.</param>
    public static Tensor Run(Tensor target, int k, int s, bool refines = true)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor coefficients = Largest(target.narrow(1, 0, k), s);
        if (!refines)
        {
            return coefficients.MoveToOuterDisposeScope();
        }

        Tensor best = coefficients;
        double least = double.PositiveInfinity;
        for (int round = 0; ; round++)
        {
            Tensor ct = coefficients.t();
            Tensor dictionary = ClosedFormDictionary.Solve(ct.mm(coefficients), ct.mm(target));
            double error = (target - coefficients.mm(dictionary)).Squared().sum(ScalarType.Float64).Value<double>();
            if (error < least)
            {
                least = error;
                best = coefficients;
            }

            // With s = k nothing is sparse: the truncated decomposition is optimal already.
            if (round == Alternations || s == k)
            {
                return best.MoveToOuterDisposeScope();
            }

            coefficients = Descend(target, dictionary, coefficients, s);
        }
    }

    private static Tensor Descend(Tensor target, Tensor dictionary, Tensor coefficients, int s)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor transposed = dictionary.t();
        Tensor product = dictionary.mm(transposed);
        Tensor right = target.mm(transposed);
        double step = 1 / linalg.eigvalsh(product).max().Value<float>();
        Tensor current = coefficients;
        Tensor extrapolated = coefficients;
        double t = 1;
        for (int i = 0; i < GradientSteps; i++)
        {
            Tensor next = Largest(extrapolated.Plus((right - extrapolated.mm(product)).TimesInPlace(step)), s);
            double following = (1 + Math.Sqrt(1 + (4 * t * t))) / 2;
            extrapolated = next.Plus((next - current).TimesInPlace((t - 1) / following));
            current = next;
            t = following;
        }

        return current.MoveToOuterDisposeScope();
    }

    // The s entries of largest magnitude of every row; ties go to the smaller index.
    private static Tensor Largest(Tensor rows, int s)
    {
        Tensor result = zeros(rows.shape, ScalarType.Float32);
        using Tensor source = rows.contiguous();
        ReadOnlySpan<float> values = source.Elements<float>();
        Span<float> kept = result.Elements<float>();
        int width = (int)rows.shape[1];
        uint[] keys = new uint[width];
        for (int start = 0; start < values.Length; start += width)
        {
            for (int i = 0; i < width; i++)
            {
                keys[i] = ~BitConverter.SingleToUInt32Bits(MathF.Abs(values[start + i]));
            }

            uint[] sorted = [.. keys];
            Array.Sort(sorted);
            uint threshold = sorted[s - 1];
            int ties = s - sorted.AsSpan().IndexOf(threshold);
            for (int i = 0; i < width; i++)
            {
                if (keys[i] < threshold || (keys[i] == threshold && ties-- > 0))
                {
                    kept[start + i] = values[start + i];
                }
            }
        }

        return result;
    }
}
