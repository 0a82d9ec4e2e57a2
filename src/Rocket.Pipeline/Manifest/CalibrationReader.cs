using System.Collections.Immutable;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Corpora;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>Reads a model's <c>calibration</c>.</summary>
internal static class CalibrationReader
{
    private const decimal LargestWeight = 1_000_000;

    /// <exception cref="RocketException">The first thing that is wrong with it, at its line and column (RKT1xxx).</exception>
    public static CalibrationManifest Read(ManifestNode node)
    {
        MappingReader reader = new(node, "calibration", "calibration", "corpus", "samples", "sequenceLength", "seed", "backwardSamples", "groups");
        Located<int> samples = reader.OptionalInteger("samples", 128, 1, ManifestReader.MostWindows);
        ImmutableArray<CorpusSource> sources = ReadSources(reader);
        RequireAWindowOfEach(sources, samples);
        return new CalibrationManifest
        {
            Location = reader.Location,
            Sources = sources,
            Samples = samples,
            SequenceLength = reader.OptionalInteger("sequenceLength", 512, 2, ManifestReader.LongestWindow),
            Seed = reader.OptionalLong("seed", 0, 0, long.MaxValue).Value,
            BackwardSamples = reader.OptionalInteger("backwardSamples", samples.Value, 1, samples.Value),
            Groups = reader.OptionalInteger("groups", 1, 1, samples.Value),
        };
    }

    // Patterns alone are one source; a list that begins with a mapping is one of sources.
    private static ImmutableArray<CorpusSource> ReadSources(MappingReader reader)
        => reader.Required("corpus") is SequenceNode { Items: [MappingNode, ..] items }
            ? [.. items.Select(ReadSource)]
            : [new CorpusSource(reader.RequiredTexts("corpus"), 1, reader.Location)];

    private static CorpusSource ReadSource(ManifestNode node)
    {
        MappingReader reader = new(node, "corpus", "the source of text", "files", "weight");
        Located<decimal> weight = reader.OptionalDecimal("weight", 1);
        return weight.Value is > 0 and <= LargestWeight
            ? new CorpusSource(reader.RequiredTexts("files"), weight.Value, reader.Location)
            : throw ManifestErrors.OutOfRange(weight.Location, "weight", weight.Value.ToString(), $"greater than 0 and at most {LargestWeight}");
    }

    private static void RequireAWindowOfEach(ImmutableArray<CorpusSource> sources, Located<int> samples)
    {
        ImmutableArray<int> shares = SampleShares.Divide(samples.Value, [.. sources.Select(source => source.Weight)]);
        int without = shares.IndexOf(0);
        if (without >= 0)
        {
            throw ManifestErrors.NoWindowOfSource(sources[without].Location, sources[without].Weight, samples.Value);
        }
    }
}
