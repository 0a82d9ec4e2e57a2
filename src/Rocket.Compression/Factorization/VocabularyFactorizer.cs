using Rocket.Compression.Execution;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Factorization;

/// <summary>Writes an embedding, a head, or the one matrix that is both, in integer codes.</summary>
/// <remarks>
/// As a head it loses what any linear loses. As an embedding its inputs are one-hot, so that with the counts c_v of n tokens and the squared gradients
/// e_i of n_e tokens it loses 1 / (2 n n_e) sum_v c_v sum_i e_i (W - W^)_vi^2 nats a token. A tied matrix loses both. Tokens that the calibration never
/// saw will be met: each count has one added, and all are scaled to sum to n again.
/// </remarks>
public sealed class VocabularyFactorizer : ILinearFactorizer
{
    // Bounds what the passes over a wide vocabulary keep at once.
    private const int RowsAtOnce = 16384;

    private readonly Tensor _weight;
    private readonly (Tensor Gram, Tensor Squares, long Tokens)? _head;
    private readonly (Tensor Squares, Tensor Counts, long Tokens)? _embedding;
    private readonly TensorType _type;
    private readonly string _name;

    /// <summary>Takes a matrix with the moments of its uses, at least one; all tensors are owned from here on.</summary>
    /// <param name="weight">W, float32 <c>[vocabulary, hidden]</c>.</param>
    /// <param name="head">G, b and their tokens, where it is the head.</param>
    /// <param name="embedding">Squared gradients, counts and their tokens, where it is the embedding.</param>
    /// <param name="type">The source's type.</param>
    /// <param name="name">Named in errors.</param>
    public VocabularyFactorizer(Tensor weight, (Tensor Gram, Tensor Squares, long Tokens)? head, (Tensor Squares, Tensor Counts, long Tokens)? embedding, TensorType type, string name)
    {
        ArgumentNullException.ThrowIfNull(weight);
        _weight = weight;
        _head = head;
        _embedding = embedding;
        _type = type;
        _name = name;
    }

    /// <inheritdoc/>
    public FactorizationErrors Evaluate(LinearOption choice) => Solve(choice).Errors;

    /// <inheritdoc/>
    public (LinearFactors Factors, FactorizationErrors Errors) Factorize(LinearOption choice)
    {
        (QuantizedMatrix codes, FactorizationErrors errors) = Solve(choice);
        return (LinearFactors.Pack(codes, [], null, _type), errors);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weight.Dispose();
        _head?.Gram.Dispose();
        _head?.Squares.Dispose();
        _embedding?.Squares.Dispose();
        _embedding?.Counts.Dispose();
    }

    private (QuantizedMatrix Codes, FactorizationErrors Errors) Solve(LinearOption choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        Quantization quantization = choice is DenseOption { Quantization: { } given } ? given : throw new ArgumentException($"No form of a vocabulary: '{choice.Form}'.", nameof(choice));
        using DisposeScope scope = NewDisposeScope();
        (int rows, int columns) = ((int)_weight.shape[0], (int)_weight.shape[1]);
        var codes = new QuantizedMatrix(rows, columns, quantization);
        (double squared, double energy, double loss) = (0, 0, 0);
        for (int first = 0; first < rows; first += RowsAtOnce)
        {
            using DisposeScope pieceScope = NewDisposeScope();
            int count = Math.Min(RowsAtOnce, rows - first);
            Tensor piece = _weight.narrow(0, first, count);
            QuantizedMatrix own;
            if (_head is { } head)
            {
                using LinearStatistics statistics = LinearStatistics.Create(
                    piece, head.Gram, head.Tokens, head.Tokens, (head.Squares.narrow(0, first, count).contiguous(), head.Tokens), _type, _name);
                using var sparse = new SparseFactorizer(statistics);
                (own, _, FactorizationErrors errors) = new QuantizedFactorizer(statistics, sparse).Solve(choice);
                loss += errors.Loss!.Value;
            }
            else
            {
                own = QuantizedDictionary.Nearest(piece.contiguous(), quantization);
            }

            own.CopyTo(codes, first);
            Tensor residual = piece - QuantizedFactorizer.Values(own, []);
            squared += residual.Squared().sum(ScalarType.Float64).Value<double>();
            energy += piece.Squared().sum(ScalarType.Float64).Value<double>();
            loss += EmbeddingLoss(residual, first);
        }

        double relative = Math.Sqrt(squared / Math.Max(energy, double.Epsilon));
        return (codes, new FactorizationErrors(relative, relative, loss));
    }

    private double EmbeddingLoss(Tensor residual, int first)
    {
        if (_embedding is not { } embedding)
        {
            return 0;
        }

        using DisposeScope scope = NewDisposeScope();
        double seen = embedding.Counts.sum().Value<double>();
        Tensor counts = embedding.Counts.narrow(0, first, residual.shape[0]).Plus(1).Times(seen / (seen + _weight.shape[0]));
        double sum = (residual.to_type(ScalarType.Float64).Squared().mm(embedding.Squares.unsqueeze(1)).view(-1) * counts).sum().Value<double>();
        return sum / (2.0 * seen * embedding.Tokens);
    }
}
