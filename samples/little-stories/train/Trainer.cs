using System.Diagnostics;
using Rocket.Compression.Execution;
using static TorchSharp.torch;

namespace LittleStories;

/// <summary>AdamW with a cosine schedule over one pass of fresh windows.</summary>
internal static class Trainer
{
    private const int Batch = 16;
    private const int WarmupSteps = 100;
    private const double PeakRate = 4e-3;
    private const double WeightDecay = 0.1;
    private const double GradientNorm = 1.0;

    /// <summary>Tokens that one step learns from.</summary>
    public const int TokensPerStep = Batch * ModelShape.Window;

    /// <summary>Trains a new model on a stream of token ids.</summary>
    public static LlamaModel Train(ModelShape shape, int[] stream, ulong seed, TextWriter log)
    {
        manual_seed((long)seed);
        var model = LlamaModel.Initialize(shape);
        var weights = model.Weights.ToArray();
        var matrices = weights.Where(weight => weight.Value.dim() > 1).Select(weight => weight.Value).ToArray();
        var vectors = weights.Where(weight => weight.Value.dim() == 1).Select(weight => weight.Value).ToArray();
        using var matrixOptimizer = optim.AdamW(matrices, lr: PeakRate, beta1: 0.9, beta2: 0.95, weight_decay: WeightDecay);
        using var vectorOptimizer = optim.AdamW(vectors, lr: PeakRate, beta1: 0.9, beta2: 0.95, weight_decay: 0);
        var starts = Shuffle((stream.Length - 1) / ModelShape.Window, new SplitMix64(seed));
        var steps = starts.Length / Batch;
        var clock = Stopwatch.StartNew();
        var sum = 0.0;
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            foreach (var group in matrixOptimizer.ParamGroups.Concat(vectorOptimizer.ParamGroups))
            {
                group.LearningRate = Rate(step, steps);
            }

            matrixOptimizer.zero_grad();
            vectorOptimizer.zero_grad();
            var loss = model.Loss(Windows(stream, starts.AsSpan(step * Batch, Batch)));
            loss.backward();
            nn.utils.clip_grad_norm_(weights.Select(weight => weight.Value), GradientNorm);
            matrixOptimizer.step();
            vectorOptimizer.step();
            sum += loss.Value<float>();
            if ((step + 1) % 50 == 0)
            {
                var speed = (step + 1L) * TokensPerStep / clock.Elapsed.TotalSeconds;
                log.WriteLine($"step {step + 1} of {steps}: loss {sum / 50:F4} nats, {speed:F0} tokens/s");
                sum = 0;
            }
        }

        return model;
    }

    private static double Rate(int step, int steps) => step < WarmupSteps
        ? PeakRate * (step + 1) / WarmupSteps
        : PeakRate * (0.01 + (0.99 * 0.5 * (1 + Math.Cos(Math.PI * (step - WarmupSteps) / (steps - WarmupSteps)))));

    private static int[] Shuffle(int windows, SplitMix64 random)
    {
        var starts = Enumerable.Range(0, windows).Select(window => window * ModelShape.Window).ToArray();
        for (var i = windows - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (starts[i], starts[j]) = (starts[j], starts[i]);
        }

        return starts;
    }

    private static Tensor Windows(int[] stream, ReadOnlySpan<int> starts)
    {
        const int length = ModelShape.Window + 1;
        var ids = new long[starts.Length * length];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = stream[starts[i / length] + (i % length)];
        }

        return tensor(ids, starts.Length, length);
    }
}
