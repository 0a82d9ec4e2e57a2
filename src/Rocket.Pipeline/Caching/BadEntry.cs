namespace Rocket.Pipeline.Caching;

/// <summary>An entry that verification found bad and deleted.</summary>
/// <param name="Path">Where it lay.</param>
/// <param name="Reason">What was wrong with it.</param>
public sealed record BadEntry(string Path, string Reason);
