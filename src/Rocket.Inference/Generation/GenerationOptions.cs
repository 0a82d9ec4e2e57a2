using System.Collections.Immutable;
using Rocket.Inference.Sampling;

namespace Rocket.Inference.Generation;

/// <summary>How a text is continued, and when it ends.</summary>
public sealed record GenerationOptions
{
    /// <summary>How tokens are drawn.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Most tokens to generate; null: up to the model's longest sequence.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>The text ends before the first of these.</summary>
    public ImmutableArray<string> StopStrings { get; init; } = [];
}
