using Rocket.Inference.Kernels;
using Rocket.Models.Scoring;

namespace Rocket.Inference.Tests.Execution;

/// <summary>Every model under <c>goldens/models</c>, through both forms of its config.json and with every kind of kernel.</summary>
public sealed class GoldenModelTests
{
    private const float LogitsBound = 1e-4f;
    private const double NllBound = 1e-5;
    private const float WaysBound = 1e-5f;

    public static TheoryData<string, string> Models()
    {
        var data = new TheoryData<string, string>();
        foreach (string name in GoldenFolder.Names())
        {
            data.Add(name, "config.json");
            if (GoldenFolder.Has(name, "config.v5.json"))
            {
                data.Add(name, "config.v5.json");
            }
        }

        return data;
    }

    public static TheoryData<string, string> ModelsAndKernels()
        => new(GoldenFolder.Names().SelectMany(name => KernelSelection.Supported().Select(kernels => (name, kernels.Name))));

    [Theory]
    [MemberData(nameof(Models))]
    public void Logits_and_loss_equal_the_golden_ones(string name, string config)
    {
        using var golden = new GoldenFolder(name, config);
        using RocketModel model = RocketModel.Load(golden.Path, new RocketOptions { Threads = 2 });
        AssertLogits(golden, model);
        double sum = 0;
        int predicted = 0;
        foreach (TokenScore[] scores in model.Score(golden.Sequences, cancellationToken: TestContext.Current.CancellationToken))
        {
            sum -= scores.Sum(score => score.LogProbability);
            predicted += scores.Length;
        }

        Assert.Equal(golden.Nll, sum / predicted, NllBound);
    }

    [Theory]
    [MemberData(nameof(ModelsAndKernels))]
    public void Every_kind_of_kernel_gives_the_golden_logits(string name, string kernels)
    {
        using var golden = new GoldenFolder(name);
        using RocketModel model = RocketModel.Load(golden.Path, new RocketOptions { Threads = 2 }, KernelSelection.Supported().Single(kind => kind.Name == kernels));
        AssertLogits(golden, model);
    }

    [Theory]
    [MemberData(nameof(ModelsAndKernels))]
    public void One_pass_token_by_token_and_parts_give_the_same_logits(string name, string kernels)
    {
        using var golden = new GoldenFolder(name);
        using RocketModel model = RocketModel.Load(golden.Path, new RocketOptions { Threads = 2 }, KernelSelection.Supported().Single(kind => kind.Name == kernels));
        foreach (int[] ids in golden.Sequences)
        {
            float[][] expected = LogitsOf.OnePass(model, ids);
            foreach (int[] parts in (int[][])[[1], [7], [5, 1, 2, 11, 3]])
            {
                foreach ((int length, float[] logits) in LogitsOf.Parts(model, ids, parts))
                {
                    // A longer sequence may have other angles at the same position (longrope).
                    if (!model.AnglesDiffer(length, ids.Length))
                    {
                        float difference = LogitsOf.Difference(expected[length - 1], logits);
                        Assert.True(difference <= WaysBound, $"{name}, {kernels}: parts of {string.Join(", ", parts)} differ by {difference:g3} after {length} tokens.");
                    }
                }
            }
        }
    }

    private static void AssertLogits(GoldenFolder golden, RocketModel model)
    {
        for (int s = 0; s < golden.Sequences.Count; s++)
        {
            float[][] found = LogitsOf.OnePass(model, golden.Sequences[s]);
            float difference = found.Zip(golden.Logits[s], LogitsOf.Difference).Max();
            Assert.True(difference <= LogitsBound, $"{golden.Path} with {model.InstructionSet}: logits of sequence {s} differ by {difference:g3}.");
        }
    }
}
