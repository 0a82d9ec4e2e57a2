namespace Rocket.Inference.Weights;

/// <summary>A gated network: down(act(gate x) * up x).</summary>
internal sealed record ExpertWeights(LinearWeights Gate, LinearWeights Up, LinearWeights Down);
