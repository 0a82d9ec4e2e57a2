namespace Rocket.Pipeline.Stages;

/// <summary>A budget of a plan that is no share to remove.</summary>
/// <param name="Key">The manifest's key: <c>parameters</c>, <c>bytes</c> or <c>maxLoss</c>.</param>
/// <param name="Value">The limit.</param>
public sealed record PlanLimit(string Key, decimal Value);
