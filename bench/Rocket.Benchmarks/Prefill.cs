using Rocket.Compression.Native;
using Rocket.Inference;
using Rocket.Models.Architectures;
using TorchSharp;

namespace Rocket.Benchmarks;

/// <summary>A prompt of 512 tokens against libtorch's matrix products of the same shapes in float32, in turns.</summary>
internal static class Prefill
{
    private const int Rounds = 7;
    private const int Tokens = 512;

    public static void Run(string[] folders, int threads)
    {
        var clock = new Clock(threads);
        LibTorch.Load();
        torch.set_num_threads(threads);
        RocketModel[] models = [.. folders.Select(folder => RocketModel.Load(folder, new RocketOptions { Threads = threads }))];
        LinearSpec[] linears = [.. models[0].Spec.Blocks[0].CompressibleLinears];
        int blocks = models[0].Spec.Blocks.Length;
        double flops = 2.0 * Tokens * blocks * linears.Sum(linear => linear.Parameters);
        torch.Tensor[] inputs = [.. linears.Select(linear => torch.rand(Tokens, linear.DIn))];
        torch.Tensor[] weights = [.. linears.Select(linear => torch.rand(linear.DIn, linear.DOut))];
        int[] prompt = [.. Enumerable.Range(0, Tokens).Select(i => (i * 37) % models[0].Spec.VocabularySize)];

        List<double> matmul = [];
        List<double>[] prefill = [.. models.Select(_ => new List<double>())];
        for (int round = 0; round <= Rounds; round++)
        {
            double torchSeconds = clock.Measure(() => MultiplyAll(inputs, weights, blocks));
            for (int m = 0; m < models.Length; m++)
            {
                using InferenceSession session = models[m].CreateSession(Tokens);
                double seconds = clock.Measure(() => session.Append(prompt));
                if (round > 0)
                {
                    prefill[m].Add(seconds);
                }
            }

            if (round > 0)
            {
                matmul.Add(torchSeconds);
            }
        }

        Console.WriteLine($"{models[0].InstructionSet}, {clock.Name}, {Tokens} tokens, best and median of {Rounds} in turns");
        Console.WriteLine($"libtorch matmul alone    {matmul.Min() * 1000,8:f0} ms {matmul.Median() * 1000,8:f0} ms  {flops / matmul.Min() / 1e9,6:f0} GFLOP/s");
        for (int m = 0; m < models.Length; m++)
        {
            Console.WriteLine($"{Path.GetFileName(models[m].Folder),-24} {prefill[m].Min() * 1000,8:f0} ms {prefill[m].Median() * 1000,8:f0} ms  {flops / prefill[m].Min() / 1e9,6:f0} GFLOP/s  {matmul.Min() / prefill[m].Min():p0} {matmul.Median() / prefill[m].Median():p0}");
            models[m].Dispose();
        }
    }

    private static void MultiplyAll(torch.Tensor[] inputs, torch.Tensor[] weights, int times)
    {
        for (int block = 0; block < times; block++)
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                using torch.Tensor product = inputs[i].mm(weights[i]);
            }
        }
    }

}
