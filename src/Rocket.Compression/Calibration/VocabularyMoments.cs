using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Second moments around embedding and head over the windows that are run backwards, in double.</summary>
/// <remarks>
/// Of the head y = W h: G = sum of h h^T over the tokens that predict one, and b_v = sum of (dL/dy_v)^2. Of the embedding, a linear of one-hot inputs:
/// the sum of the squared gradients of the loss by its output, element by element, and how often each token occurs.
/// </remarks>
public sealed class VocabularyMoments() : MomentSums(Prefix)
{
    private const string Prefix = "vocabulary.";
    private const string HeadInputs = "head.inputs";
    private const string HeadOutputs = "head.outputs";
    private const string EmbeddingOutputs = "embedding.outputs";
    private const string EmbeddingTokens = "embedding.tokens";

    /// <summary>Adds one window's head.</summary>
    /// <param name="gram">Sum of h h^T, float64 <c>[hidden, hidden]</c>.</param>
    /// <param name="squares">Sum of the squared gradients, float64 <c>[vocabulary]</c>.</param>
    /// <param name="tokens">Tokens that predict one.</param>
    public void AddHead(Tensor gram, Tensor squares, long tokens)
    {
        Add(HeadInputs, gram, tokens);
        Add(HeadOutputs, squares, tokens);
    }

    /// <summary>Adds one window's embedding.</summary>
    /// <param name="squares">Sum of the squared gradients by a row of the table, float64 <c>[hidden]</c>.</param>
    /// <param name="counts">Occurrences of every token, float64 <c>[vocabulary]</c>.</param>
    /// <param name="tokens">Tokens of the window.</param>
    public void AddEmbedding(Tensor squares, Tensor counts, long tokens)
    {
        Add(EmbeddingOutputs, squares, tokens);
        Add(EmbeddingTokens, counts, tokens);
    }

    /// <summary>G, b and the tokens of the head, from a file of <see cref="MomentSums.Save"/>; tensors are the caller's.</summary>
    public static (Tensor Gram, Tensor Squares, long Tokens) LoadHead(string path)
    {
        (Tensor gram, long tokens) = Require(path, HeadInputs);
        return (gram, Require(path, HeadOutputs).Sum, tokens);
    }

    /// <summary>Squares, counts and the tokens of the embedding, from a file of <see cref="MomentSums.Save"/>; tensors are the caller's.</summary>
    public static (Tensor Squares, Tensor Counts, long Tokens) LoadEmbedding(string path)
    {
        (Tensor squares, long tokens) = Require(path, EmbeddingOutputs);
        return (squares, Require(path, EmbeddingTokens).Sum, tokens);
    }

    private static (Tensor Sum, long Tokens) Require(string path, string name) => Load(path, Prefix, name) ?? throw new InvalidDataException($"'{name}' is missing in '{path}'.");
}
