using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>A value and the place in the manifest that gives it; a default has the place of the key it belongs to.</summary>
/// <param name="Value">The value.</param>
/// <param name="Location">Where it stands.</param>
public readonly record struct Located<T>(T Value, SourceLocation Location);
