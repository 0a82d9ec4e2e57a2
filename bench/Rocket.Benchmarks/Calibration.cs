using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Compression.Native;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Benchmarks;

/// <summary>The passes of calibration through one block against libtorch's matrix products of the same shapes, in turns.</summary>
internal static class Calibration
{
    private const int Rounds = 3;
    private const int Tokens = 512;
    private const int Windows = 16;
    private const string BareBlock = "bare block with weight gradients";
    private const string BareHead = "bare head with weight gradients";

    public static void Run(string folder, int threads)
    {
        LibTorch.Load();
        set_num_threads(1);
        var clock = new Clock(threads);
        var units = new ParallelUnits(threads);
        using Checkpoint checkpoint = Checkpoint.Open(folder);
        DecoderSpec spec = Architecture.Read(Path.Combine(folder, "config.json"));
        var decoder = new DecoderExecutor(spec, new WeightLoader(checkpoint));
        BlockSpec block = spec.Blocks[spec.Blocks.Length / 2];
        int[][] windows = [.. Enumerable.Range(0, Windows).Select(w => Enumerable.Range(0, Tokens).Select(t => ((w * 7919) + (t * 37)) % spec.VocabularySize).ToArray())];
        int[] lengths = [.. windows.Select(window => window.Length)];
        using HiddenStates hidden = HiddenStates.CreateTemporary(Path.GetTempPath(), lengths, spec.HiddenSize);
        using HiddenStates gradient = HiddenStates.CreateTemporary(Path.GetTempPath(), lengths, spec.HiddenSize);
        for (int w = 0; w < Windows; w++)
        {
            using Tensor states = decoder.Embed(windows[w]);
            hidden.Write(w, states);
            gradient.Write(w, states);
        }

        double products = 2.0 * Tokens * Windows * block.CompressibleLinears.Sum(linear => linear.Parameters);
        double grams = 1.0 * Tokens * Windows * block.CompressibleLinears.Select(linear => (linear.Input, linear.DIn)).Distinct().Sum(input => (double)input.DIn * input.DIn);
        double headProducts = 2.0 * Tokens * Windows * spec.VocabularySize * spec.HiddenSize;
        Tensor[] inputs = [.. block.CompressibleLinears.Select(linear => rand(Tokens, linear.DIn))];
        Tensor[] weights = [.. block.CompressibleLinears.Select(linear => rand(linear.DOut, linear.DIn))];
        (string Name, double Flops, Action Action)[] passes =
        [
            ("products alone", products, () => Multiply(inputs, weights, units)),
            ("forward and moments", products + grams, () => BlockCalibrator.Run(block, decoder.Weights, hidden, Stream.Null, units, null, default).Dispose()),
            ("forward alone", products, () => Forward(block, decoder.Weights, hidden, units)),
            ("backward", 2 * products, () => GradientCalibrator.Run(block, decoder.Weights, hidden, gradient, Stream.Null, units, default).Dispose()),
            ("head", 2 * headProducts, () => GradientCalibrator.RunHead(decoder, windows, hidden, Stream.Null, units, default)),
            (BareBlock, 3 * products, () => TrainBlock(block, decoder.Weights, hidden, gradient, units)),
            (BareHead, 3 * headProducts, () => TrainHead(spec, decoder.Weights, windows, hidden, units)),
        ];
        Dictionary<string, List<double>> seconds = passes.ToDictionary(pass => pass.Name, _ => new List<double>());
        for (int round = 0; round < Rounds; round++)
        {
            foreach ((string name, double _, Action action) in passes)
            {
                seconds[name].Add(clock.Measure(action));
            }
        }

        Console.WriteLine($"{clock.Name}, {Windows} windows of {Tokens} tokens, best of {Rounds} in turns");
        foreach ((string name, double flops, Action _) in passes)
        {
            Console.WriteLine($"{name,-44} {seconds[name].Min() * 1000,8:f0} ms  {flops / seconds[name].Min() / 1e9,6:f0} GFLOP/s");
        }

        double bare = ((spec.Blocks.Length * seconds[BareBlock].Min()) + seconds[BareHead].Min()) / Windows;
        double own = ((spec.Blocks.Length * (seconds["forward and moments"].Min() + seconds["backward"].Min())) + seconds["head"].Min()) / Windows;
        Console.WriteLine($"whole model, a window: bare forward and backward with weight gradients {bare:f2} s, both of Rocket's passes {own:f2} s, {own / bare:f2} x");
    }

    // What a step of training takes, the update aside.
    private static void TrainBlock(BlockSpec block, WeightLoader loader, HiddenStates hidden, HiddenStates gradient, ParallelUnits units)
    {
        using BlockWeights weights = BlockWeights.Load(block, loader);
        using var executor = new BlockExecutor(block, weights);
        Tensor[] trained = [.. block.CompressibleLinears.Select(linear => weights[linear].requires_grad_())];
        units.Run(Windows, window =>
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor input = hidden.Read(window).requires_grad_();
            autograd.grad([executor.Run(input)], [input, .. trained], [gradient.Read(window)]);
        });
    }

    private static void TrainHead(DecoderSpec spec, WeightLoader loader, int[][] windows, HiddenStates hidden, ParallelUnits units)
    {
        using Tensor weight = loader.Load(spec.Head.Tensor).requires_grad_();
        units.Run(Windows, window =>
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor input = hidden.Read(window).requires_grad_();
            Tensor labels = tensor([.. windows[window].Select(id => (long)id)]);
            Tensor loss = nn.functional.cross_entropy(input.mm(weight.t()), labels, reduction: nn.Reduction.Sum);
            autograd.grad([loss], [input, weight]);
        });
    }

    private static void Multiply(Tensor[] inputs, Tensor[] weights, ParallelUnits units)
        => units.Run(Windows, _ =>
        {
            foreach ((Tensor x, Tensor w) in inputs.Zip(weights))
            {
                using Tensor transposed = w.t();
                using Tensor y = x.mm(transposed);
            }
        });

    private static void Forward(BlockSpec block, WeightLoader loader, HiddenStates hidden, ParallelUnits units)
    {
        using BlockWeights weights = BlockWeights.Load(block, loader);
        using var executor = new BlockExecutor(block, weights);
        units.Run(Windows, window =>
        {
            using DisposeScope scope = NewDisposeScope();
            executor.Run(hidden.Read(window));
        });
    }
}
