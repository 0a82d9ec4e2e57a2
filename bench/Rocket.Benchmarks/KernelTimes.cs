using System.Diagnostics;
using Rocket.Inference;
using Rocket.Inference.Execution;
using Rocket.Inference.Kernels;
using Rocket.Inference.Memory;
using Rocket.Inference.Threading;
using Rocket.Inference.Weights;

namespace Rocket.Benchmarks;

/// <summary>Matrix-vector products of whole models on one thread, by processor time: what a machine under load can still tell.</summary>
internal static class KernelTimes
{
    private const int Rounds = 20;

    // A method is compiled anew once it was called often, a while after nothing else was: before that it is many times slower.
    private const int WarmRounds = 10;
    private static readonly TimeSpan CompilerPause = TimeSpan.FromMilliseconds(300);

    public static void Run(string[] folders)
    {
        RocketModel[] models = [.. folders.Select(folder => RocketModel.Load(folder, new RocketOptions { Threads = 1 }))];
        using var pool = new WorkerPool(1);
        foreach (MatrixKernels kernels in KernelSelection.Supported().Skip(1).Reverse())
        {
            using var layer = new LinearLayer(kernels, pool);
            double[] best = [.. models.Select(_ => double.MaxValue)];
            for (int round = 0; round < WarmRounds; round++)
            {
                Array.ForEach(models, model => Measure(layer, model));
                Thread.Sleep(CompilerPause);
            }

            for (int round = 0; round < Rounds; round++)
            {
                for (int m = 0; m < models.Length; m++)
                {
                    best[m] = Math.Min(best[m], Measure(layer, models[m]));
                }
            }

            for (int m = 0; m < models.Length; m++)
            {
                long bytes = Linears(models[m]).Sum(linear => linear.ByteLength);
                Console.WriteLine($"{kernels.Name,-9} {Path.GetFileName(models[m].Folder),-20} {best[m] * 1000,7:f2} ms  {bytes / best[m] / 1e9,6:f1} GB/s  speed {best[0] / best[m]:f3}");
            }
        }
    }

    private static LinearWeights[] Linears(RocketModel model)
        => [.. model.Weights.Blocks.SelectMany(block => (LinearWeights[])[block.Query, block.Key, block.Value, block.Output, .. block.Experts.SelectMany(expert => new[] { expert.Gate, expert.Up, expert.Down })])];

    private static unsafe double Measure(LinearLayer layer, RocketModel model)
    {
        LinearWeights[] linears = Linears(model);
        using var input = new NativeBuffer(linears.Max(linear => (linear.Dictionary ?? linear.Matrix).Columns));
        using var output = new NativeBuffer(linears.Max(linear => linear.Matrix.Rows));
        new Span<float>(input.Pointer, (int)input.Length).Fill(0.5f);
        TimeSpan start = Process.GetCurrentProcess().TotalProcessorTime;
        for (int i = 0; i < linears.Length; i++)
        {
            layer.Run(input.Pointer, 0, 1, linears[i], output.Pointer, 0);
        }

        return (Process.GetCurrentProcess().TotalProcessorTime - start).TotalSeconds;
    }
}
