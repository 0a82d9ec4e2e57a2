using Rocket.Models.Scoring;

namespace Rocket.Compression.Execution;

/// <summary>How a model predicts one token, beside the dense model.</summary>
/// <param name="Score">How probable the model found the token.</param>
/// <param name="Divergence">KL(dense || model) of the two distributions, nats.</param>
/// <param name="HasSameTop">Both find the same token most probable.</param>
public readonly record struct TokenComparison(TokenScore Score, double Divergence, bool HasSameTop);
