namespace Rocket.Pipeline.Caching;

/// <summary>Who made an action's outputs, for people who look into the store; never part of a key.</summary>
/// <param name="Stage">The stage's name, such as <c>profile</c>.</param>
/// <param name="Model">The model's name in the manifest.</param>
public sealed record ActionLabel(string Stage, string Model);
