using Rocket.Compression.Evaluation;
using Rocket.Compression.Execution;
using Rocket.Compression.Tests.Execution;
using Rocket.Models.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Evaluation;

/// <summary>A model beside another, against divergences that are added up here in double precision.</summary>
public sealed class GoldenComparisonTests
{
    [Fact]
    public void A_model_agrees_with_itself()
    {
        using var golden = new GoldenModel(GoldenModel.Names()[0]);
        using TorchScorer scorer = golden.OpenScorer();
        using ReferenceStates reference = scorer.Reference(golden.Sequences, TestContext.Current.CancellationToken);
        PerplexityResult result = PerplexityEvaluator.Evaluate(scorer, reference, golden.Sequences, 100, 50, 200, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, result.Agreement!.Top1);
        Assert.Equal(0, result.Agreement.KullbackLeibler, 1e-12);
        PerplexityResult alone = PerplexityEvaluator.Evaluate(scorer, golden.Sequences, 100, 50, 200, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(alone, result with { Agreement = null });
    }

    [Fact]
    public void Divergence_and_top_tokens_are_those_of_the_logits()
    {
        using var golden = new GoldenModel(GoldenModel.Names()[0]);
        string name = GoldenModel.Names().Skip(1).First(other => VocabularyOf(other) == golden.Spec.VocabularySize);
        using var other = new GoldenModel(name);
        using TorchScorer dense = golden.OpenScorer();
        using TorchScorer compressed = other.OpenScorer();
        using ReferenceStates reference = dense.Reference(golden.Sequences, TestContext.Current.CancellationToken);
        IReadOnlyList<TokenComparison[]> compared = compressed.Compare(reference, golden.Sequences, cancellationToken: TestContext.Current.CancellationToken);
        IReadOnlyList<TokenScore[]> scores = compressed.Score(golden.Sequences, cancellationToken: TestContext.Current.CancellationToken);
        for (int s = 0; s < golden.Sequences.Count; s++)
        {
            Assert.Equal(scores[s], compared[s].Select(token => token.Score));
            double[][] p = LogProbabilities(dense, golden.Sequences[s]);
            double[][] q = LogProbabilities(compressed, golden.Sequences[s]);
            for (int t = 0; t < compared[s].Length; t++)
            {
                double divergence = p[t].Zip(q[t], (x, y) => Math.Exp(x) * (x - y)).Sum();
                Assert.Equal(divergence, compared[s][t].Divergence, 1e-5 * Math.Max(1, divergence));
                Assert.Equal(Array.IndexOf(p[t], p[t].Max()) == Array.IndexOf(q[t], q[t].Max()), compared[s][t].HasSameTop);
            }
        }
    }

    private static int VocabularyOf(string name)
    {
        using var model = new GoldenModel(name);
        return model.Spec.VocabularySize;
    }

    private static double[][] LogProbabilities(TorchScorer scorer, int[] ids)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = scorer.Logits(ids).to_type(ScalarType.Float64);
        double[] all = logits.data<double>().ToArray();
        int vocabulary = scorer.VocabularySize;
        return [.. Enumerable.Range(0, ids.Length).Select(t =>
        {
            double[] row = all[(t * vocabulary)..((t + 1) * vocabulary)];
            double largest = row.Max();
            double sum = Math.Log(row.Sum(x => Math.Exp(x - largest))) + largest;
            return row.Select(x => x - sum).ToArray();
        })];
    }
}
