using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Factorization;

/// <summary>A problem whose outputs matter by different weights, and what an approximation loses in double.</summary>
internal static class WeighedProblem
{
    public static LinearStatistics Statistics(LinearProblem problem, TensorType type, out double[] b)
    {
        double[] squares = [.. Enumerable.Range(0, problem.DOut).Select(j => 0.5 + (j % 7))];
        double mean = squares.Average();
        b = [.. squares.Select(square => square + (0.001 * mean))];
        return LinearStatistics.Create(
            problem.Weight.to_type(ScalarType.Float32), problem.Gram, problem.Tokens, problem.Tokens, (tensor(squares), problem.Tokens), type, "test");
    }

    public static double Loss(LinearProblem problem, double[] b, Tensor weight)
    {
        Tensor residual = problem.Weight - weight;
        return ((residual.mm(problem.Gram) * residual).sum(1) * tensor(b)).sum().Value<double>() / (2.0 * problem.Tokens * problem.Tokens);
    }

    public static Tensor Expand(LinearFactors factors)
    {
        float[] values = new float[factors.Info.DOut * factors.Info.DIn];
        factors.Expand(values);
        return tensor(values).view(factors.Info.DOut, factors.Info.DIn).to_type(ScalarType.Float64);
    }
}
