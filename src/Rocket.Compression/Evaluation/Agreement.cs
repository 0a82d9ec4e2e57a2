namespace Rocket.Compression.Evaluation;

/// <summary>How a compressed model's next-token distributions agree with the dense model's, over the tokens that a perplexity predicts.</summary>
/// <param name="Top1">Share of tokens where both find the same token most probable.</param>
/// <param name="KullbackLeibler">Mean of KL(dense || compressed), nats a token.</param>
public sealed record Agreement(double Top1, double KullbackLeibler);
