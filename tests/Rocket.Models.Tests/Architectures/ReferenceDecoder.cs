using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;

namespace Rocket.Models.Tests.Architectures;

/// <summary>Runs a <see cref="DecoderSpec"/> in double precision with plain loops: slow, and as close to the formulas as code gets.</summary>
internal sealed class ReferenceDecoder(DecoderSpec spec, Checkpoint checkpoint)
{
    private readonly Dictionary<string, double[]> _tensors = new(StringComparer.Ordinal);

    /// <summary>Logits of every position, <c>[tokens][vocabulary]</c>.</summary>
    public double[][] Logits(int[] tokens)
    {
        double[] embedding = Tensor(spec.Embedding.Tensor);
        double[][] hidden = [.. tokens.Select(token => Scale(embedding.AsSpan(token * spec.HiddenSize, spec.HiddenSize).ToArray(), spec.Embedding.Multiplier))];
        foreach (var block in spec.Blocks)
        {
            var attention = new ReferenceAttention(block.Attention, this);
            double[][] branch = attention.Run([.. hidden.Select(row => Norm(block.PreAttentionNorm, row))]);
            Add(hidden, [.. branch.Select(row => Norm(block.PostAttentionNorm, row))], block.ResidualMultiplier);
            branch = [.. hidden.Select(row => FeedForward(block.FeedForward, Norm(block.PreFeedForwardNorm, row)))];
            Add(hidden, [.. branch.Select(row => Norm(block.PostFeedForwardNorm, row))], block.ResidualMultiplier);
        }

        var head = new LinearSpec(spec.Head.Tensor[..^".weight".Length], spec.HiddenSize, spec.VocabularySize, default, spec.Head.Bias);
        return [.. hidden.Select(row => Linear(head, Norm(spec.FinalNorm, row)).Select(logit => Cap(logit, spec.Head.SoftCap) / spec.Head.LogitsDivisor).ToArray())];
    }

    /// <summary>W x + b.</summary>
    public double[] Linear(LinearSpec linear, double[] x)
    {
        double[] weight = Tensor(linear.Tensor);
        double[]? bias = linear.Bias is null ? null : Tensor(linear.Bias);
        int first = linear.Fused?.FirstRow ?? 0;
        double[] y = new double[linear.DOut];
        for (int row = 0; row < y.Length; row++)
        {
            double sum = bias?[first + row] ?? 0;
            for (int column = 0; column < x.Length; column++)
            {
                sum += weight[((first + row) * x.Length) + column] * x[column];
            }

            y[row] = sum;
        }

        return y;
    }

    /// <summary>The norm, over each run of its size.</summary>
    public double[] Norm(NormSpec? norm, double[] x)
    {
        if (norm is null)
        {
            return x;
        }

        double[] weight = Tensor(norm.Tensor);
        double[] y = new double[x.Length];
        for (int start = 0; start < x.Length; start += norm.Size)
        {
            double square = x.Skip(start).Take(norm.Size).Sum(value => value * value) / norm.Size;
            double factor = 1 / Math.Sqrt(square + norm.Epsilon);
            for (int i = 0; i < norm.Size; i++)
            {
                y[start + i] = x[start + i] * factor * (weight[i] + (norm.UnitOffset ? 1 : 0));
            }
        }

        return y;
    }

    /// <summary>cap tanh(x / cap).</summary>
    public static double Cap(double x, float? cap) => cap is { } limit ? limit * Math.Tanh(x / limit) : x;

    /// <summary>exp(x) / sum exp(x).</summary>
    public static double[] Softmax(double[] x)
    {
        double max = x.Max();
        double[] y = [.. x.Select(value => Math.Exp(value - max))];
        return Scale(y, 1 / y.Sum());
    }

    private double[] FeedForward(FeedForwardSpec network, double[] x)
    {
        if (network.Router is not { } router)
        {
            return Expert(network.Experts[0], network.Activation, x);
        }

        double[] shares = Softmax(Linear(router.Linear, x));
        int[] chosen = [.. Enumerable.Range(0, shares.Length).OrderByDescending(expert => shares[expert]).Take(router.TopK)];
        double sum = router.Renormalize ? chosen.Sum(expert => shares[expert]) : 1;
        double[][] y = [new double[x.Length]];
        foreach (int expert in chosen)
        {
            Add(y, [Expert(network.Experts[expert], network.Activation, x)], shares[expert] / sum);
        }

        return y[0];
    }

    private double[] Expert(ExpertSpec expert, Activation activation, double[] x)
        => Linear(expert.Down, [.. Linear(expert.Gate, x).Zip(Linear(expert.Up, x), (gate, up) => Activate(activation, gate) * up)]);

    private static double Activate(Activation activation, double x) => activation switch
    {
        Activation.Silu => x / (1 + Math.Exp(-x)),
        Activation.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        _ => throw new NotSupportedException($"{activation}"),
    };

    private static double[] Scale(double[] x, double factor) => [.. x.Select(value => value * factor)];

    private static void Add(double[][] sum, double[][] rows, double factor)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            sum[row] = [.. sum[row].Zip(rows[row], (a, b) => a + (factor * b))];
        }
    }

    private double[] Tensor(string name)
    {
        if (!_tensors.TryGetValue(name, out double[]? values))
        {
            _tensors.Add(name, values = TensorArrays.Doubles(checkpoint.Get(name)));
        }

        return values;
    }
}
