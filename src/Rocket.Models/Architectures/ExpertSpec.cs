namespace Rocket.Models.Architectures;

/// <summary>A gated network: down(act(gate x) * up x).</summary>
public sealed record ExpertSpec(LinearSpec Gate, LinearSpec Up, LinearSpec Down);
