using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Compression.Tests.Execution;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Calibration;

/// <summary>The backward pass block by block against one automatic differentiation of the whole model.</summary>
public sealed class GoldenOutputMomentsTests
{
    private const double Bound = 1e-4;
    private const double ExpertBound = 1e-3;
    private const double Rounding = 1e-7;
    private const string Embedding = "embedding";
    private const string Head = "head";

    public static TheoryData<string> Models() => [.. GoldenModel.Names()];

    [Theory]
    [MemberData(nameof(Models))]
    public void Moments_and_predicted_loss_equal_those_of_plain_differentiation(string name)
    {
        using var golden = new GoldenModel(name);
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Differentiate(golden);
        long tokens = golden.Sequences.Sum(sequence => (long)sequence.Length);

        var decoder = new DecoderExecutor(golden.Spec, new WeightLoader(golden.Checkpoint));
        var inputs = new List<HiddenStates>();
        var grams = new List<BlockMoments>();
        Forward(golden, decoder, inputs, grams);
        using var stream = new MemoryStream();
        GradientCalibrator.RunHead(decoder, golden.Sequences, inputs[^1], stream, new ParallelUnits(2), TestContext.Current.CancellationToken);
        using HiddenStates gradient = golden.CreateStates();
        GoldenModel.Fill(gradient, stream);
        for (int block = golden.Spec.Blocks.Length - 1; block >= 0; block--)
        {
            using var before = new MemoryStream();
            using OutputMoments moments = GradientCalibrator.Run(
                golden.Spec.Blocks[block], decoder.Weights, inputs[block], gradient, before, new ParallelUnits(2), TestContext.Current.CancellationToken);
            foreach (LinearSpec linear in golden.Spec.Blocks[block].CompressibleLinears)
            {
                if (moments.Of(linear) is not { } found)
                {
                    Assert.False(expected.ContainsKey(linear.Key));
                    continue;
                }

                AssertClose(expected[linear.Key], found, $"b of {linear.Key}");
                AssertLoss(golden, linear, grams[block], expected[linear.Key], found, tokens);
            }

            GoldenModel.Fill(gradient, before);
        }

        AssertVocabulary(golden, decoder, inputs[^1], gradient, expected);
        inputs.ForEach(states => states.Dispose());
        grams.ForEach(moments => moments.Dispose());
    }

    private static void AssertVocabulary(GoldenModel golden, DecoderExecutor decoder, HiddenStates hidden, HiddenStates gradient, Dictionary<string, Tensor> expected)
    {
        using var folder = new TemporaryFolder();
        using (var moments = new VocabularyMoments())
        using (FileStream file = File.Create(folder.At("moments.safetensors")))
        {
            VocabularyCalibrator.Add(moments, decoder, golden.Sequences, hidden, gradient, new ParallelUnits(2), TestContext.Current.CancellationToken);
            moments.Save(file);
        }

        (Tensor gram, Tensor squares, long predicting) = VocabularyMoments.LoadHead(folder.At("moments.safetensors"));
        (Tensor gradients, Tensor counts, long tokens) = VocabularyMoments.LoadEmbedding(folder.At("moments.safetensors"));
        Assert.Equal(golden.Sequences.Sum(sequence => sequence.Length - 1L), predicting);
        Assert.Equal(golden.Sequences.Sum(sequence => (long)sequence.Length), tokens);
        AssertClose(expected[Head], squares, "b of the head");
        AssertClose(expected[Head + Embedding], gram, "G of the head");
        AssertClose(expected[Embedding], gradients, "gradients of the embedding");
        Assert.All(golden.Sequences.SelectMany(ids => ids).CountBy(id => id), entry => Assert.Equal(entry.Value, counts.Elements<double>()[entry.Key]));
    }

    // Half of the entries of W set to zero: what that is predicted to cost, from sums in double.
    private static void AssertLoss(GoldenModel golden, LinearSpec linear, BlockMoments grams, Tensor expected, Tensor found, long tokens)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor gram = grams.Gram(linear.Input)!;
        Tensor weight = new WeightLoader(golden.Checkpoint).Load(linear);
        long reached = grams.Tokens(linear.Input);

        // Few tokens reach an expert, and pruning seeks out the rows that matter least: there the rounding of single gradients shows in a loss,
        // while the moments agree. So an expert's loss is that of the moments that were found.
        Tensor squares = linear.Input.Expert >= 0 ? found : expected;
        Tensor b = squares.Plus(squares.mean().Times(0.001));
        using var factorizer = new LinearFactorizer(LinearStatistics.Create(weight, gram, reached, tokens, (found, reached), TensorType.F32, linear.Key));
        var option = new SparseOption(0.5, linear.Parameters / 2);
        (var factors, FactorizationErrors errors) = factorizer.Factorize(option);
        float[] kept = new float[linear.Parameters];
        factors.Expand(kept);
        Tensor residual = weight.to_type(ScalarType.Float64) - tensor(kept).view(linear.DOut, linear.DIn).to_type(ScalarType.Float64);
        double loss = Loss(residual);

        // A few rows can be met so well that what remains is the rounding of float32 itself, which is relative to what the whole weight would cost.
        double bound = ((linear.Input.Expert >= 0 ? ExpertBound : Bound) * loss) + (Rounding * Loss(weight.to_type(ScalarType.Float64)));
        Assert.InRange(errors.Loss!.Value, loss - bound, loss + bound);

        // Sums of float32 products are not quite positive definite where few tokens reach an expert; no row loses less than nothing.
        double Loss(Tensor error) => ((error.mm(gram) * error).sum(1).relu() * b).sum().Value<double>() / (2.0 * tokens * reached);
    }

    private static void AssertClose(Tensor expected, Tensor found, string what)
    {
        Assert.Equal((ScalarType.Float64, ScalarType.Float64), (expected.dtype, found.dtype));
        double relative = (found - expected).abs().max().Value<double>() / Math.Max(expected.abs().max().Value<double>(), double.Epsilon);
        Assert.True(relative <= Bound, $"{what} differs by {relative:g3}.");
    }

    private static void Forward(GoldenModel golden, DecoderExecutor decoder, List<HiddenStates> inputs, List<BlockMoments> grams)
    {
        inputs.Add(golden.Embed());
        foreach (BlockSpec block in golden.Spec.Blocks)
        {
            using var output = new MemoryStream();
            grams.Add(BlockCalibrator.Run(block, decoder.Weights, inputs[^1], output, new ParallelUnits(2), null, TestContext.Current.CancellationToken));
            HiddenStates next = golden.CreateStates();
            GoldenModel.Fill(next, output);
            inputs.Add(next);
        }
    }

    // b of every linear, by one graph from the embedding to the loss for every sequence.
    private static Dictionary<string, Tensor> Differentiate(GoldenModel golden)
    {
        var moments = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var decoder = new DecoderExecutor(golden.Spec, new WeightLoader(golden.Checkpoint));
        using DecoderExecutor.Head head = decoder.LoadHead();
        foreach (int[] ids in golden.Sequences)
        {
            var outputs = new Outputs();
            Tensor embedded = decoder.Embed(ids).requires_grad_();
            Tensor hidden = embedded;
            var blocks = new List<IDisposable>();
            foreach (BlockSpec block in golden.Spec.Blocks)
            {
                BlockWeights weights = BlockWeights.Load(block, decoder.Weights);
                var executor = new BlockExecutor(block, weights);
                blocks.AddRange([executor, weights]);
                hidden = executor.Run(hidden, outputs);
            }

            Tensor logits = head.Logits(hidden.narrow(0, 0, ids.Length - 1));
            Tensor labels = tensor([.. ids.Skip(1).Select(id => (long)id)]);
            Tensor loss = nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum);
            IList<Tensor> gradients = autograd.grad([loss], [.. outputs.Seen.Select(seen => seen.Output), embedded]);
            for (int i = 0; i < outputs.Seen.Count; i++)
            {
                Add(outputs.Seen[i].Linear.Key, gradients[i].to_type(ScalarType.Float64).Squared().sum([0]));
            }

            Add(Embedding, gradients[^1].to_type(ScalarType.Float64).Squared().sum([0]).Times(Math.Pow(golden.Spec.Embedding.Multiplier, 2)));
            Tensor normed = head.Norm(hidden.narrow(0, 0, ids.Length - 1)).detach().to_type(ScalarType.Float64);
            Add(Head + Embedding, normed.t().mm(normed));
            Add(Head, HeadGradient(golden, normed, labels).Squared().sum([0]));

            blocks.ForEach(block => block.Dispose());
        }

        return moments;

        void Add(string key, Tensor squares) => moments[key] = moments.TryGetValue(key, out Tensor? sum) ? sum.Plus(squares) : squares;
    }

    // dL/dy of y = W h, written out: softmax less one-hot, through soft cap and divisor.
    private static Tensor HeadGradient(GoldenModel golden, Tensor normed, Tensor labels)
    {
        HeadSpec head = golden.Spec.Head;
        var loader = new WeightLoader(golden.Checkpoint);
        Tensor products = normed.mm(loader.Load(head.Tensor).to_type(ScalarType.Float64).t());
        if (head.Bias is { } bias)
        {
            products = products.Plus(loader.Load(bias).to_type(ScalarType.Float64));
        }

        Tensor logits = products.Times(1.0 / head.LogitsDivisor);
        Tensor slope = ones_like(logits).Times(1.0 / head.LogitsDivisor);
        if (head.SoftCap is { } cap)
        {
            Tensor bent = logits.Times(1.0 / cap).tanh();
            slope = slope * bent.Squared().OneMinus();
            logits = bent.Times(cap);
        }

        return (logits.softmax(1) - nn.functional.one_hot(labels, golden.Spec.VocabularySize).to_type(ScalarType.Float64)) * slope;
    }

    private sealed class Outputs : IBlockObserver
    {
        public List<(LinearSpec Linear, Tensor Output)> Seen { get; } = [];

        public void ObserveOutput(LinearSpec linear, Tensor output) => Seen.Add((linear, output.MoveToOuterDisposeScope().DetachFromDisposeScope()));
    }
}
