using Rocket.Compression.Diagnostics;
using Rocket.Compression.Native;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>The parts of a decoder around its blocks: embedding, final norm and head.</summary>
/// <param name="spec">The decoder.</param>
/// <param name="weights">Its weights; not owned.</param>
public sealed class DecoderExecutor(DecoderSpec spec, WeightLoader weights)
{
    /// <summary>Tokens whose logits are held at once: of a vocabulary of 256 000 they are 131 MB.</summary>
    public const int HeadChunk = 128;

    /// <summary>The decoder.</summary>
    public DecoderSpec Spec { get; } = spec;

    /// <summary>Where blocks get their weights.</summary>
    public WeightLoader Weights { get; } = weights;

    /// <summary>The first block's input <c>[tokens, hidden]</c> for token ids, on the processor: nothing is computed but a product with a number.</summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3012: an id is outside the vocabulary.</exception>
    public Tensor Embed(ReadOnlySpan<int> ids)
    {
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)Spec.VocabularySize)
            {
                throw CompressionErrors.TokenOutOfRange(id, Spec.VocabularySize);
            }
        }

        if (Spec.EmbeddingMatrix is { } matrix && Weights.IsFactored(matrix))
        {
            using Tensor chosen = Weights.LoadRows(matrix, ids);
            return chosen.Times(Spec.Embedding.Multiplier);
        }

        TensorView table = Weights.Checkpoint.Get(Spec.Embedding.Tensor);
        int rowBytes = checked((int)(table.ByteLength / table.Info.Shape[0]));
        using Tensor rows = empty([ids.Length, Spec.HiddenSize], table.Info.Type.ToScalarType());
        Span<byte> target = rows.Raw();
        for (int t = 0; t < ids.Length; t++)
        {
            table.Slice((long)ids[t] * rowBytes, rowBytes).CopyTo(target.Slice(t * rowBytes, rowBytes));
        }

        using Tensor embedded = rows.to_type(ScalarType.Float32);
        return embedded.Times(Spec.Embedding.Multiplier);
    }

    /// <summary>Loads final norm and head.</summary>
    public Head LoadHead() => new(Spec, Weights);

    /// <summary>Final norm and head with their weights in memory.</summary>
    public sealed class Head : IDisposable
    {
        private readonly DecoderSpec _spec;
        private readonly Tensor _weight;
        private readonly Tensor? _bias;
        private readonly Tensor _normFactor;
        private readonly Tensor? _normBias;

        internal Head(DecoderSpec spec, WeightLoader weights)
        {
            _spec = spec;
            Device = weights.Device;

            // Detached once all are there, so that none outlives a load that fails.
            using DisposeScope scope = NewDisposeScope();
            _weight = weights.LoadMatrix(spec.HeadMatrix, spec.Head.Tensor);
            _bias = spec.Head.Bias is { } bias ? weights.Load(bias) : null;
            _normFactor = Normalization.LoadFactor(spec.FinalNorm, weights);
            _normBias = spec.FinalNorm.Bias is { } normBias ? weights.Load(normBias) : null;
            scope.Detach([.. new[] { _weight, _bias, _normFactor, _normBias }.OfType<Tensor>()]);
        }

        /// <summary>Where it runs: there hidden states must lie, and logits will.</summary>
        public ComputeDevice Device { get; }

        // Logits are the products themselves.
        private bool IsPlain => _spec.Head.LogitsDivisor == 1 && _spec.Head.SoftCap is null;

        /// <summary>Logits <c>[tokens, vocabulary]</c> of hidden states <c>[tokens, hidden]</c>.</summary>
        public Tensor Logits(Tensor hidden)
        {
            using DisposeScope scope = NewDisposeScope();
            return Finish(Project(Norm(hidden))).MoveToOuterDisposeScope();
        }

        /// <summary>What the head's matrix reads, <c>[tokens, hidden]</c>.</summary>
        internal Tensor Norm(Tensor hidden) => Normalization.Apply(_spec.FinalNorm, _normFactor, _normBias, hidden);

        /// <summary>What it makes of that, <c>[tokens, vocabulary]</c>.</summary>
        internal Tensor Project(Tensor normed) => _bias is null ? normed.mm(_weight.t()) : addmm(_bias, normed, _weight.t(), 1, 1);

        /// <summary>The logits of its products.</summary>
        internal Tensor Finish(Tensor products)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor logits = products.alias();
            if (_spec.Head.LogitsDivisor != 1)
            {
                logits = logits.Times(1.0 / _spec.Head.LogitsDivisor);
            }

            if (_spec.Head.SoftCap is { } cap)
            {
                // Not in place: a backward pass reads the hyperbolic tangent again.
                logits = logits.Times(1.0 / cap).tanh().Times(cap);
            }

            return logits.MoveToOuterDisposeScope();
        }

        /// <summary>The gradient of the cross entropy of tokens (summed, nats) by <see cref="Project"/>'s products, <c>[tokens, vocabulary]</c>.</summary>
        /// <param name="normed">What the head's matrix reads, <c>[tokens, hidden]</c>.</param>
        /// <param name="next">The token that follows each.</param>
        /// <remarks>Probabilities less 1 at the token that follows, in place: of a large vocabulary this is the largest tensor of a calibration.</remarks>
        internal Tensor ProductGradient(Tensor normed, ReadOnlySpan<int> next)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor products = Project(normed);
            Tensor gradient = IsPlain ? products : Finish(products);
            Tensor? tangent = _spec.Head.SoftCap is { } cap ? gradient.Times(1.0 / cap) : null;
            gradient.sub_(gradient.amax([1], keepdim: true)).exp_();
            gradient.div_(gradient.sum(1, keepdim: true));
            Tensor targets = Targets(next);
            gradient.scatter_(1, targets, gradient.gather(1, targets).PlusInPlace(-1));

            // The derivative of c tanh(y / c) is 1 - tanh^2(y / c).
            if (tangent is not null)
            {
                gradient.mul_(tangent.mul_(tangent).neg_().PlusInPlace(1));
            }

            return (_spec.Head.LogitsDivisor == 1 ? gradient : gradient.TimesInPlace(1.0 / _spec.Head.LogitsDivisor)).MoveToOuterDisposeScope();
        }

        /// <summary>The gradient by what the head's matrix reads, <c>[tokens, hidden]</c>, of that by its products.</summary>
        internal Tensor PullBack(Tensor products) => products.mm(_weight);

        /// <summary>Log-probabilities (nats) of the tokens that follow, and whether each was the most probable.</summary>
        /// <param name="hidden">Hidden states <c>[tokens, hidden]</c> of the last block.</param>
        /// <param name="ids">The tokens themselves; the first is not predicted.</param>
        public TokenScore[] Score(Tensor hidden, int[] ids)
        {
            ArgumentNullException.ThrowIfNull(hidden);
            var scores = new TokenScore[Math.Max(ids.Length - 1, 0)];
            foreach ((int start, int count) in Chunks(scores.Length))
            {
                using DisposeScope scope = NewDisposeScope();
                ScoreChunk(Logits(hidden.narrow(0, start, count)), ids.AsSpan(start + 1, count), scores.AsSpan(start, count));
            }

            return scores;
        }

        /// <summary>Scores, and compares with the dense model's distributions.</summary>
        /// <param name="hidden">Hidden states <c>[tokens, hidden]</c> of the last block.</param>
        /// <param name="dense">The dense model's head.</param>
        /// <param name="denseHidden">The dense model's hidden states <c>[tokens, hidden]</c>.</param>
        /// <param name="ids">The tokens themselves; the first is not predicted.</param>
        internal TokenComparison[] Compare(Tensor hidden, Head dense, Tensor denseHidden, int[] ids)
        {
            var compared = new TokenComparison[Math.Max(ids.Length - 1, 0)];
            var scores = new TokenScore[HeadChunk];
            foreach ((int start, int count) in Chunks(compared.Length))
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor logits = Logits(hidden.narrow(0, start, count));
                ScoreChunk(logits, ids.AsSpan(start + 1, count), scores);
                Tensor expected = dense.Logits(denseHidden.narrow(0, start, count));
                Tensor isSame = ComputeDevice.Cpu.Place(expected.argmax(1) == logits.argmax(1));

                // In place, as these are the largest tensors of an evaluation: log p of the dense model, log q, and their difference.
                // Summed on the processor, as not every device has doubles.
                Tensor target = expected.sub_(expected.logsumexp(1, keepdim: true));
                Tensor difference = logits.sub_(logits.logsumexp(1, keepdim: true)).neg_().PlusInPlace(target);
                Tensor divergence = ComputeDevice.Cpu.Place(difference.mul_(target.exp_())).sum(1, type: ScalarType.Float64);
                ReadOnlySpan<double> values = divergence.Elements<double>();
                ReadOnlySpan<byte> same = isSame.Raw();
                for (int t = 0; t < count; t++)
                {
                    compared[start + t] = new(scores[t], values[t], same[t] != 0);
                }
            }

            return compared;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _weight.Dispose();
            _bias?.Dispose();
            _normFactor.Dispose();
            _normBias?.Dispose();
        }

        /// <summary>Starts and lengths of the pieces in which the logits of a sequence are made.</summary>
        internal static IEnumerable<(int Start, int Count)> Chunks(int length)
            => Enumerable.Range(0, (length + HeadChunk - 1) / HeadChunk).Select(chunk => (chunk * HeadChunk, Math.Min(HeadChunk, length - (chunk * HeadChunk))));

        // The tokens that follow as an index of a chunk's logits, [tokens, 1].
        private Tensor Targets(ReadOnlySpan<int> following)
        {
            Span<long> next = stackalloc long[HeadChunk];
            for (int t = 0; t < following.Length; t++)
            {
                next[t] = following[t];
            }

            return Device.Place(((ReadOnlySpan<long>)next[..following.Length]).ToTensor(ScalarType.Int64, following.Length, 1));
        }

        private void ScoreChunk(Tensor logits, ReadOnlySpan<int> following, Span<TokenScore> scores)
        {
            Tensor chosen = ComputeDevice.Cpu.Place(logits.gather(1, Targets(following)).view(-1));
            Tensor sum = ComputeDevice.Cpu.Place(logits.logsumexp(1));
            Tensor largest = ComputeDevice.Cpu.Place(logits.amax([1]));
            Tensor logProbability = chosen.to_type(ScalarType.Float64) - sum.to_type(ScalarType.Float64);
            Tensor best = chosen >= largest;
            ReadOnlySpan<double> values = logProbability.Elements<double>();
            ReadOnlySpan<byte> isBest = best.Raw();
            for (int t = 0; t < following.Length; t++)
            {
                scores[t] = new(values[t], isBest[t] != 0);
            }
        }
    }
}
