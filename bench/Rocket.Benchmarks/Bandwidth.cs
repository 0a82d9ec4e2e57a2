using System.Numerics;
using Rocket.Inference;
using Rocket.Inference.Execution;
using Rocket.Inference.Memory;
using Rocket.Inference.Threading;
using Rocket.Inference.Weights;

namespace Rocket.Benchmarks;

/// <summary>Dense matrix-vector products of a whole model against a sum that only reads the same bytes.</summary>
internal static class Bandwidth
{
    private const int Rounds = 40;

    public static void Run(string folder, int threads)
    {
        var clock = new Clock(threads);
        using RocketModel model = RocketModel.Load(folder, new RocketOptions { Threads = threads });
        LinearWeights[] linears = [.. model.Weights.Blocks.SelectMany(Linears).Append(model.Weights.Head)];
        long bytes = linears.Sum(linear => linear.ByteLength);
        using var pool = new WorkerPool(threads);
        using var layer = new LinearLayer(model.Kernels, pool);
        using var input = new NativeBuffer(model.Spec.Blocks.Max(block => block.CompressibleLinears.Max(linear => linear.DIn)));
        using var output = new NativeBuffer(model.Spec.VocabularySize);
        var sum = new ReadOnlySum(linears);
        ReadOnlySum[] apart = [.. linears.Select(linear => new ReadOnlySum([linear]))];
        Fill(input);

        List<double> products = [], sums = [], sumsApart = [];
        for (int round = 0; round < Rounds; round++)
        {
            products.Add(clock.Measure(() => Multiply(layer, linears, input, output)));
            sums.Add(clock.Measure(() => pool.Run(sum, sum.Pieces)));
            sumsApart.Add(clock.Measure(() => Array.ForEach(apart, one => pool.Run(one, one.Pieces))));
        }

        double product = products.Min();
        Console.WriteLine($"{model.InstructionSet}, {clock.Name}, {bytes / 1e6:f1} MB of {linears.Length} matrices, best of {Rounds} in turns");
        Console.WriteLine($"matrix-vector {bytes / product / 1e9,6:f1} GB/s");
        foreach ((string name, List<double> seconds) in new[] { ("all at once", sums), ("one matrix after the other", sumsApart) })
        {
            Console.WriteLine($"read-only sum, {name}: {bytes / seconds.Min() / 1e9:f1} GB/s, ratio {seconds.Min() / product:p0} (median {seconds.Median() / products.Median():p0})");
        }
    }

    private static IEnumerable<LinearWeights> Linears(BlockWeights block)
        => [block.Query, block.Key, block.Value, block.Output, .. block.Experts.SelectMany(expert => new[] { expert.Gate, expert.Up, expert.Down })];

    private static unsafe void Multiply(LinearLayer layer, LinearWeights[] linears, NativeBuffer input, NativeBuffer output)
    {
        foreach (LinearWeights linear in linears)
        {
            layer.Run(input.Pointer, 0, 1, linear, output.Pointer, 0);
        }
    }

    private static unsafe void Fill(NativeBuffer buffer)
    {
        var random = new Random(1);
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer.Pointer[i] = random.NextSingle() - 0.5f;
        }
    }

    // Adds up 64-bit words of every matrix, in runs of 64 KB.
    private sealed unsafe class ReadOnlySum : ParallelWork
    {
        private const int Run64 = 64 << 10;

        private readonly List<(nint Start, int Bytes)> _runs = [];

        public ReadOnlySum(LinearWeights[] linears)
        {
            foreach (LinearWeights linear in linears)
            {
                nint start = ((DenseMatrix)linear.Matrix).Start;
                for (long offset = 0; offset < linear.Matrix.ByteLength; offset += Run64)
                {
                    _runs.Add((start + (nint)offset, (int)Math.Min(Run64, linear.Matrix.ByteLength - offset)));
                }
            }
        }

        public int Pieces => _runs.Count;

        public long Total { get; private set; }

        public override void Run(int piece, int worker)
        {
            (nint start, int bytes) = _runs[piece];
            Vector<long> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            int step = Vector<byte>.Count;
            for (int i = 0; i + (4 * step) <= bytes; i += 4 * step)
            {
                sum0 += Vector.Load((long*)(start + i));
                sum1 += Vector.Load((long*)(start + i + step));
                sum2 += Vector.Load((long*)(start + i + (2 * step)));
                sum3 += Vector.Load((long*)(start + i + (3 * step)));
            }

            long total = Vector.Sum(sum0 + sum1 + sum2 + sum3);
            if (total == long.MinValue)
            {
                Total = total;
            }
        }
    }
}
