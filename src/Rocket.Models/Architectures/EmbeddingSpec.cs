namespace Rocket.Models.Architectures;

/// <summary>Token embedding: the row of a token, times <paramref name="Multiplier"/>.</summary>
/// <param name="Tensor">Name of the tensor <c>[vocabulary, hidden]</c>.</param>
/// <param name="Multiplier">Gemma: sqrt(hidden); Granite: <c>embedding_multiplier</c>; else 1.</param>
public sealed record EmbeddingSpec(string Tensor, float Multiplier = 1);
