using System.Collections.Immutable;
using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>What is measured of every artifact.</summary>
public sealed record EvaluateManifest
{
    /// <summary>Where the <c>evaluate</c> key's value begins.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>Patterns of the text whose perplexity is measured; <c>!</c> excludes. Empty where tasks alone are asked for.</summary>
    public required ImmutableArray<Located<string>> Perplexity { get; init; }

    /// <summary>Windows to measure, 24 by default; null: rolling, every token of the text is predicted.</summary>
    public required Located<int?> Windows { get; init; }

    /// <summary>Tokens a window; 512 by default.</summary>
    public required Located<int> SequenceLength { get; init; }

    /// <summary>Whether artifacts are compared with the dense model token by token; they are by default.</summary>
    public bool Agreement { get; init; } = true;

    /// <summary>Patterns of zero-shot tasks; <c>!</c> excludes.</summary>
    public ImmutableArray<Located<string>> Tasks { get; init; } = [];

    /// <summary>Most items of a task; null: all.</summary>
    public Located<int>? Limit { get; init; }
}
