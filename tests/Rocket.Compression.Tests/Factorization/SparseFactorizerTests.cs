using CsCheck;
using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;
using static Rocket.Compression.Tests.Factorization.WeighedProblem;

namespace Rocket.Compression.Tests.Factorization;

public sealed class SparseFactorizerTests
{
    [Fact]
    public void It_keeps_as_many_entries_as_asked_and_tells_the_loss_of_just_these()
    {
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[1, 150], Gen.Int[1, 90], Gen.Double[0, 1], Gen.Int[0, 2]).Sample((seed, dIn, dOut, share, index) =>
        {
            TensorType type = ((TensorType[])[TensorType.F32, TensorType.F16, TensorType.BF16])[index];
            using DisposeScope scope = NewDisposeScope();
            using LinearProblem problem = LinearProblem.Create(seed, dIn + 1, dOut, 2 * dIn + 20);
            using LinearStatistics statistics = Statistics(problem, type, out double[] b);
            using var factorizer = new SparseFactorizer(statistics);
            long kept = (long)(share * problem.DIn * problem.DOut);
            var option = new SparseOption(1 - share, kept);

            (LinearFactors factors, FactorizationErrors errors) = factorizer.Factorize(option);

            Assert.Equal(LinearForm.Sparse, factors.Info.Form);
            Assert.Equal(kept, factors.Info.NonZeros);
            Assert.Equal(errors, factorizer.Evaluate(option));
            Assert.Equal(Loss(problem, b, Expand(factors)), errors.Loss!.Value, 1e-3 * errors.Loss.Value + 1e-9);
        }, iter: 60);
    }

    [Fact]
    public void Pruning_one_pass_with_correction_beats_dropping_the_smallest_and_refinement_lowers_it_further()
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(7, 160, 96, 1000, outlier: 20);
        using LinearStatistics statistics = Statistics(problem, TensorType.F32, out double[] b);
        using InverseGram inverse = InverseGram.Of(statistics);
        var pruner = new ColumnPruner(statistics, inverse);
        long kept = 160 * 96 / 2;

        Tensor pruned = pruner.Prune(kept);
        using var refinement = new SparseRefinement(statistics.Weight, statistics.Gram.to_type(ScalarType.Float32), pruned);
        refinement.AdvanceTo(6);
        Tensor refined = refinement.Values;
        Tensor magnitudes = problem.Weight.abs().flatten();
        Tensor smallest = problem.Weight * (problem.Weight.abs() > magnitudes.kthvalue(magnitudes.numel() - kept, 0).values);

        double corrected = Loss(problem, b, pruned.to_type(ScalarType.Float64));
        Assert.True(corrected < 0.8 * Loss(problem, b, smallest));
        Assert.True(Loss(problem, b, refined.to_type(ScalarType.Float64)) < 0.99 * corrected);
        Assert.Equal(0, ((ones_like(refined) - refined.IsNotZero()) * pruned.IsNotZero()).to_type(ScalarType.Int64).sum().Value<long>());
    }

    [Fact]
    public void A_way_that_begins_where_an_earlier_one_passed_leads_to_the_same_bits()
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(9, 120, 72, 800, outlier: 20);
        using LinearStatistics statistics = Statistics(problem, TensorType.F32, out _);
        using var left = new Waypoints(5, 10);
        using (var first = new SparseFactorizer(statistics, left))
        {
            first.Evaluate(new SparseOption(0.8, 120 * 72 / 5));
        }

        Assert.Equal([.. Enumerable.Range(1, 15)], left.Passed);
        foreach ((int share, int begin) in ((int, int)[])[(20, 1), (30, 6), (55, 11), (65, 11), (40, 6)])
        {
            left.Passed.Clear();
            long kept = (long)(100 - share) * 120 * 72 / 100;
            using var alone = new SparseFactorizer(statistics);
            using var again = new SparseFactorizer(statistics, left);

            Assert.Equal(alone.Refined(kept).Elements<float>().ToArray(), again.Refined(kept).Elements<float>().ToArray());
            Assert.Equal([.. Enumerable.Range(begin, (share / 5) - begin)], left.Passed);
        }
    }

    [Fact]
    public void Removing_entries_step_by_step_beats_one_pass_and_is_the_same_whatever_was_asked_before()
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(7, 160, 96, 1000, outlier: 20);
        using LinearStatistics statistics = Statistics(problem, TensorType.F32, out double[] b);
        using InverseGram inverse = InverseGram.Of(statistics);
        using Tensor gram = statistics.Gram.to_type(ScalarType.Float32);
        var pruner = new ColumnPruner(statistics, inverse);
        const long Kept = 160 * 96 * 2 / 5;
        using var once = new PruningPath(statistics.Weight, gram, pruner);
        Tensor direct = once.At(Kept).clone();
        using var often = new PruningPath(statistics.Weight, gram, pruner);
        foreach (long kept in (long[])[160 * 96 * 19 / 20, 160 * 96 / 2, Kept - 7, Kept + 3])
        {
            often.At(kept);
        }

        Assert.Equal(direct.Elements<float>().ToArray(), often.At(Kept).Elements<float>().ToArray());
        using var afterOnePass = new SparseRefinement(statistics.Weight, gram, pruner.Prune(Kept));
        afterOnePass.AdvanceTo(6);
        Tensor onePass = afterOnePass.Values;
        Assert.True(Loss(problem, b, direct.to_type(ScalarType.Float64)) < 0.99 * Loss(problem, b, onePass.to_type(ScalarType.Float64)));
    }

    [Fact]
    public void A_row_whose_output_does_not_matter_loses_its_entries_first()
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem problem = LinearProblem.Create(3, 64, 8, 500);
        double[] squares = [1, 1, 1, 1, 0, 0, 0, 0];
        using LinearStatistics statistics = LinearStatistics.Create(
            problem.Weight.to_type(ScalarType.Float32), problem.Gram, problem.Tokens, problem.Tokens, (tensor(squares), problem.Tokens), TensorType.F32, "test");
        using var factorizer = new SparseFactorizer(statistics);

        Tensor weight = Expand(factorizer.Factorize(new SparseOption(0.5, 256)).Factors);

        Assert.True(weight.narrow(0, 0, 4).IsNotZero().to_type(ScalarType.Int64).sum().Value<long>() > 220);
    }

    [Fact]
    public void Dead_features_and_a_weight_of_zeros_give_no_NaN()
    {
        using DisposeScope scope = NewDisposeScope();
        using LinearProblem dead = LinearProblem.Create(5, 70, 20, 300, dead: [0, 65]);
        using LinearStatistics statistics = Statistics(dead, TensorType.F32, out _);
        using var factorizer = new SparseFactorizer(statistics);
        Assert.True(double.IsFinite(factorizer.Evaluate(new SparseOption(0.5, 700)).Loss!.Value));

        using LinearStatistics none = LinearStatistics.Create(zeros(20, 70), dead.Gram, dead.Tokens, dead.Tokens, null, TensorType.BF16, "zeros");
        using var ofNone = new SparseFactorizer(none);
        Assert.Equal(new FactorizationErrors(0, 0, 0), ofNone.Evaluate(new SparseOption(0.5, 700)));
    }

    [Fact]
    public void The_threshold_is_that_of_sorting()
    {
        Gen.UInt[0, 40].Array[1, 300].Select(Gen.Int[0, 300], Gen.Bool).Sample((values, count, isWide) =>
        {
            uint[] all = isWide ? [.. values.Select(value => value * 0x0123_4567u)] : values;
            count = Math.Min(count, all.Length);
            (uint threshold, int ties) = LeastElements.Threshold(all, count);
            uint[] sorted = [.. all.Order()];
            Assert.Equal(count == 0 ? 0 : sorted[count - 1], threshold);
            Assert.Equal(count, all.Count(value => value < threshold) + ties);
        });
    }

    private sealed class Waypoints(params int[] stations) : IWaypoints, IDisposable
    {
        private readonly Dictionary<int, Tensor> _left = [];

        public List<int> Passed { get; } = [];

        public void Pass(int station, Tensor weight)
        {
            Passed.Add(station);
            if (stations.Contains(station) && !_left.ContainsKey(station))
            {
                _left.Add(station, weight.clone().DetachFromDisposeScope());
            }
        }

        public (int Station, Tensor Weight)? Last(int first, int last)
            => _left.Keys.Where(station => station >= first && station <= last).OrderDescending().Select(station => ((int, Tensor)?)(station, _left[station].clone().DetachFromDisposeScope())).FirstOrDefault();

        public void Dispose()
        {
            foreach (Tensor weight in _left.Values)
            {
                weight.Dispose();
            }
        }
    }
}
