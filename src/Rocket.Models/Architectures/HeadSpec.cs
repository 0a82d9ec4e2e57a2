namespace Rocket.Models.Architectures;

/// <summary>The head: logits = softcap(tensor . x + bias, cap) / divisor.</summary>
/// <param name="Tensor">Name of the tensor <c>[vocabulary, hidden]</c>; the embedding's when tied.</param>
/// <param name="IsTied">The head is the embedding and has no tensor of its own on disk.</param>
/// <param name="Bias">Name of a bias <c>[vocabulary]</c>, or null.</param>
/// <param name="SoftCap">cap tanh(logits / cap), or null.</param>
/// <param name="LogitsDivisor">Granite's <c>logits_scaling</c>; else 1.</param>
public sealed record HeadSpec(string Tensor, bool IsTied, string? Bias = null, float? SoftCap = null, float LogitsDivisor = 1);
