using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Compression.Native;
using Rocket.Compression.Profiling;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Benchmarks;

/// <summary>Profiles of a block's linears with the default grid, or with codes of some widths in its place, on one thread, against the products with G that they are made of.</summary>
/// <remarks>The moments are drawn at random: good for times, and misleading for losses, which only real ones can tell.</remarks>
internal static class Profiling
{
    private const int Tokens = 16384;

    public static void Run(string folder, int[] bits)
    {
        LibTorch.Load();
        set_num_threads(1);
        random.manual_seed(1);
        var clock = new Clock(1);
        using Checkpoint checkpoint = Checkpoint.Open(folder);
        DecoderSpec spec = Architecture.Read(Path.Combine(folder, "config.json"));
        BlockSpec block = spec.Blocks[spec.Blocks.Length / 2];
        var grid = new OptionGrid([], [], OptionGrid.Range(0.05m, 0.85m, 0.05m))
        {
            Quantizations = [.. bits.SelectMany(width => Quantization.KnownGroupSizes.Select(size => new Quantization(width, size)))],
        };
        foreach (LinearSpec linear in block.CompressibleLinears)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor weight = new WeightLoader(checkpoint).Load(linear);
            Tensor x = randn(Tokens, linear.DIn).mm(randn(linear.DIn, linear.DIn)).mul(rand(linear.DIn)).to_type(ScalarType.Float64);
            Tensor gram = x.t().mm(x);
            Tensor squares = rand(linear.DOut).to_type(ScalarType.Float64);
            LinearStatistics statistics = LinearStatistics.Create(weight, gram, Tokens, Tokens, (squares, Tokens), TensorType.BF16, linear.Key);
            using Tensor small = gram.to_type(ScalarType.Float32);
            double prepared = 0;
            double profiled = clock.Measure(() =>
            {
                using var factorizer = new LinearFactorizer(statistics);
                prepared = clock.Measure(() => factorizer.Evaluate(new SparseOption(0, linear.Parameters)));
                LinearProfiler.Profile(factorizer, linear.DIn, linear.DOut, grid, null, default);
            });
            double product = Enumerable.Range(0, 5).Min(_ => clock.Measure(() => weight.mm(small).Dispose()));
            Console.WriteLine($"{linear.Key,-36} [{linear.DOut}, {linear.DIn}] {profiled * 1000,7:f0} ms, prepared in {prepared * 1000:f0} ms; {profiled / product:f0} products of {product * 1000:f2} ms, {2 * linear.Parameters * linear.DIn / product / 1e9:f0} GFLOP/s");
        }
    }
}
