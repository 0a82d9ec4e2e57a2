using System.Runtime.InteropServices;
using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Factorization;

/// <summary>Multiplies stored factors out in double, and measures what they lose.</summary>
internal static class StoredErrors
{
    /// <summary>W^ <c>[d_out, d_in]</c> from the bytes of the factors.</summary>
    public static Tensor MultiplyOut(LinearFactors factors)
    {
        using DisposeScope scope = NewDisposeScope();
        float[] coefficients = new float[factors.Info.DOut * factors.Info.K];
        factors.Expand(coefficients);
        Tensor c = ((ReadOnlySpan<float>)coefficients).ToTensor(ScalarType.Float32, factors.Info.DOut, factors.Info.K).to_type(ScalarType.Float64);
        return c.mm(Dictionary(factors)).MoveToOuterDisposeScope();
    }

    /// <summary>The atoms <c>[k, d_in]</c> in double.</summary>
    public static Tensor Dictionary(LinearFactors factors)
    {
        double[] values = factors.Info.Type switch
        {
            TensorType.F32 => [.. MemoryMarshal.Cast<byte, float>(factors.Dictionary.Span).ToArray().Select(value => (double)value)],
            TensorType.F16 => [.. MemoryMarshal.Cast<byte, Half>(factors.Dictionary.Span).ToArray().Select(value => (double)value)],
            _ => [.. MemoryMarshal.Cast<byte, ushort>(factors.Dictionary.Span).ToArray().Select(value => (double)BitConverter.UInt32BitsToSingle((uint)value << 16))],
        };
        return ((ReadOnlySpan<double>)values).ToTensor(ScalarType.Float64, factors.Info.K, factors.Info.DIn);
    }

    /// <summary>The relative errors of stored factors under G + lambda I over the live features.</summary>
    public static FactorizationErrors Of(LinearFactors factors, LinearProblem problem, double lambda)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor live = problem.Gram.diagonal().IsNotZero();
        Tensor gram = problem.Gram.Plus(live.Times(lambda).diag());
        Tensor residual = problem.Weight - MultiplyOut(factors);
        return new FactorizationErrors(
            Math.Sqrt(Trace(residual, gram) / Trace(problem.Weight, gram)),
            residual.norm().Value<double>() / problem.Weight.norm().Value<double>());
    }

    private static double Trace(Tensor weight, Tensor gram) => (weight.mm(gram) * weight).sum().Value<double>();
}
