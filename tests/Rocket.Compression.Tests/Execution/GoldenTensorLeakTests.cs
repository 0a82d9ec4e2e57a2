using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Compression.Profiling;
using Rocket.Compression.Tests.Factorization;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;
using Rocket.Models.Factors;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Execution;

/// <summary>Whatever was allocated is freed, also when the work is interrupted.</summary>
[Collection(LeakCheck.Name)]
public sealed class GoldenTensorLeakTests
{
    public static TheoryData<string> Models() => [.. GoldenModel.Names()];

    [Fact]
    public void A_leak_is_noticed()
    {
        var kept = new List<Tensor>();
        Assert.ThrowsAny<Exception>(() => LeakCheck.LeavesNoTensor(() => kept.Add(ones(3))));
        kept.ForEach(tensor => tensor.Dispose());
    }

    [Theory]
    [InlineData(24, 32, TensorType.F32)]
    [InlineData(32, 24, TensorType.BF16)]
    public void Factorizing_a_linear_leaves_nothing(int dIn, int dOut, TensorType type)
    {
        using LinearProblem problem = LinearProblem.Create(1, dIn, dOut, 20, dead: [3]);
        using Tensor weight = problem.Weight.to_type(ScalarType.Float32);
        LeakCheck.LeavesNoTensor(() =>
        {
            using var factorizer = new DictionaryFactorizer(weight, problem.Gram, problem.Tokens, type, "linear");
            factorizer.Evaluate(8, 4);
            factorizer.Evaluate(20, 20);
            LinearFactors factors = factorizer.Factorize(8, 4).Factors;
            WeightLoader.MultiplyOut(factors).Dispose();
            Assert.Throws<ArgumentOutOfRangeException>(() => factorizer.Evaluate(100, 4));
        });
    }

    [Fact]
    public void A_profile_that_is_cancelled_leaves_nothing()
    {
        using LinearProblem problem = LinearProblem.Create(2, 24, 24, 100);
        using Tensor weight = problem.Weight.to_type(ScalarType.Float32);
        LeakCheck.LeavesNoTensor(() =>
        {
            using var factorizer = new DictionaryFactorizer(weight, problem.Gram, problem.Tokens, TensorType.F32, "linear");
            Assert.Throws<OperationCanceledException>(() => LinearProfiler.Profile(factorizer, 24, 24, OptionGrid.Paper, null, new CancellationToken(true)));
        });
    }

    [Fact]
    public void A_matrix_that_is_refused_leaves_nothing()
    {
        using LinearProblem problem = LinearProblem.Create(3, 12, 8, 50);
        using Tensor weight = problem.Weight.to_type(ScalarType.Float32);
        using Tensor wrong = problem.Gram.neg();
        LeakCheck.LeavesNoTensor(() => Assert.Throws<RocketException>(() => new DictionaryFactorizer(weight, wrong, 50, TensorType.F32, "linear")));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Calibrating_a_block_leaves_nothing(string name)
    {
        using var model = new GoldenModel(name);
        LeakCheck.LeavesNoTensor(() =>
        {
            using HiddenStates states = model.Embed();
            Calibrate(model, states, Stream.Null, null, TestContext.Current.CancellationToken).Dispose();
        });
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Calibrating_that_is_interrupted_leaves_nothing(string name)
    {
        using var model = new GoldenModel(name);
        LeakCheck.LeavesNoTensor(() =>
        {
            using HiddenStates states = model.Embed();
            using var cancellation = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => Calibrate(model, states, Stream.Null, new Callback(() => cancellation.Cancel()), cancellation.Token, threads: 1));
            using var full = new MemoryStream(new byte[10]);
            Assert.Throws<NotSupportedException>(() => Calibrate(model, states, full, null, TestContext.Current.CancellationToken));
        });
    }

    [Fact]
    public void Calibrating_what_is_not_finite_leaves_nothing()
    {
        using var model = new GoldenModel(GoldenModel.Names()[0]);
        LeakCheck.LeavesNoTensor(() =>
        {
            using HiddenStates states = model.Embed();
            using (Tensor first = states.Read(0))
            {
                first.Elements<float>().Fill(float.NaN);
                states.Write(0, first);
            }

            var error = Assert.Throws<RocketException>(() => Calibrate(model, states, Stream.Null, null, TestContext.Current.CancellationToken));
            Assert.Equal("RKT3011", error.Code);
        });
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Scoring_leaves_nothing(string name)
    {
        using var model = new GoldenModel(name);
        using TorchScorer scorer = model.OpenScorer();
        LeakCheck.LeavesNoTensor(() => scorer.Score(model.Sequences, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Scoring_that_is_interrupted_leaves_nothing()
    {
        using var model = new GoldenModel(GoldenModel.Names()[0]);
        using TorchScorer scorer = model.OpenScorer();
        LeakCheck.LeavesNoTensor(() =>
        {
            using var cancellation = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => scorer.Score(model.Sequences, new Callback(() => cancellation.Cancel()), cancellation.Token));
            var error = Assert.Throws<RocketException>(() => scorer.Score([model.Sequences[0], [0, model.Spec.VocabularySize]], cancellationToken: TestContext.Current.CancellationToken));
            Assert.Equal("RKT3012", error.Code);
        });
    }

    [Fact]
    public void A_block_that_does_not_load_leaves_nothing()
    {
        using var model = new GoldenModel(GoldenModel.Names()[0]);
        BlockSpec block = model.Spec.Blocks[0];
        LinearSpec last = block.CompressibleLinears.Last();
        var section = new RocketSection([new(last.Key, new FactoredLinear(LinearForm.Dictionary, last.DIn, last.DOut, 2, 4, TensorType.F32))]);
        LeakCheck.LeavesNoTensor(() => Assert.Throws<RocketException>(() => BlockWeights.Load(block, new WeightLoader(model.Checkpoint, section))));
    }

    private static BlockMoments Calibrate(GoldenModel model, HiddenStates states, Stream output, IProgress<int>? progress, CancellationToken cancellationToken, int threads = 2)
        => BlockCalibrator.Run(model.Spec.Blocks[0], new WeightLoader(model.Checkpoint), states, output, new ParallelUnits(threads), progress, cancellationToken);

    private sealed class Callback(Action action) : IProgress<int>, IProgress<double>
    {
        public void Report(int value) => action();

        public void Report(double value) => action();
    }
}
