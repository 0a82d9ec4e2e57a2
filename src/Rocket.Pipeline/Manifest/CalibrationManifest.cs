using System.Collections.Immutable;
using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>The text that calibrates a model, and how it is sampled.</summary>
public sealed record CalibrationManifest
{
    /// <summary>Where the <c>calibration</c> key's value begins.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>Where the text comes from: one source, or several with their weights.</summary>
    public required ImmutableArray<CorpusSource> Sources { get; init; }

    /// <summary>The patterns of all sources.</summary>
    public ImmutableArray<Located<string>> Corpus => [.. Sources.SelectMany(source => source.Files)];

    /// <summary>Windows to draw; 128 by default.</summary>
    public required Located<int> Samples { get; init; }

    /// <summary>Tokens a window; 512 by default.</summary>
    public required Located<int> SequenceLength { get; init; }

    /// <summary>Seed of the draw, not negative; 0 by default.</summary>
    public required long Seed { get; init; }

    /// <summary>Windows that the loss is run backwards on, at most <see cref="Samples"/>; all of them by default.</summary>
    public required Located<int> BackwardSamples { get; init; }

    /// <summary>Groups that the windows run in, each for itself, so that machines can take groups; 1 by default. Sums are a group's first, so the bits of an artifact depend on it.</summary>
    public required Located<int> Groups { get; init; }
}
