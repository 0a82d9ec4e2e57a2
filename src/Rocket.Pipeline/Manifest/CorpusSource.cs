using System.Collections.Immutable;
using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>One source of calibration text.</summary>
/// <param name="Files">Patterns of text files; <c>!</c> excludes.</param>
/// <param name="Weight">Its part of the windows, relative to the other sources; greater than 0.</param>
/// <param name="Location">Where it stands.</param>
public sealed record CorpusSource(ImmutableArray<Located<string>> Files, decimal Weight, SourceLocation Location);
