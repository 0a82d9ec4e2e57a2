namespace Rocket.Pipeline.Dependencies;

/// <summary>Patterns, and the files that they named when the build began.</summary>
/// <param name="Set">The patterns.</param>
/// <param name="Matches">The files, in ordinal order.</param>
internal sealed record MatchedPatterns(PatternSet Set, IReadOnlyList<StampedFile> Matches);
