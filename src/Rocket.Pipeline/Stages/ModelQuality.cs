using System.Collections.Immutable;

namespace Rocket.Pipeline.Stages;

/// <summary>What was measured of a model folder.</summary>
/// <param name="Texts">Perplexities.</param>
/// <param name="Tasks">Answers to zero-shot tasks.</param>
public sealed record ModelQuality(ImmutableArray<TextPerplexity> Texts, ImmutableArray<TaskResult> Tasks)
{
    /// <summary>Nothing.</summary>
    public static ModelQuality None { get; } = new([], []);
}
