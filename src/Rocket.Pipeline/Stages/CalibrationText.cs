using System.Collections.Immutable;
using System.Globalization;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Corpora;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Stages;

/// <summary>The calibration windows of a model, drawn from the sources that its manifest names.</summary>
/// <param name="Sample">The windows: those of the first source, then those of the next.</param>
/// <param name="Corpus">Digest of the tokenized text of all sources, and of their weights.</param>
public sealed record CalibrationText(CalibrationSample Sample, Digest Corpus)
{
    private const int Version = 1;

    /// <summary>Draws every source's part of the windows from its own text, by the one seed.</summary>
    /// <param name="calibration">What is asked for.</param>
    /// <param name="folder">The folder that patterns start from.</param>
    /// <param name="tokenize">The model's tokenizer.</param>
    /// <exception cref="RocketException">Text cannot be used (RKT31xx), or a source has too little of it (RKT3106).</exception>
    public static CalibrationText Draw(CalibrationManifest calibration, string folder, TokenizeStage tokenize)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(tokenize);
        ImmutableArray<int> shares = SampleShares.Divide(calibration.Samples.Value, [.. calibration.Sources.Select(source => source.Weight)]);
        List<int[]> windows = [];
        List<Digest> keys = [];
        foreach ((CorpusSource source, int share) in calibration.Sources.Zip(shares))
        {
            ImmutableArray<CorpusFile> files = CorpusFiles.Expand(source.Files, folder);
            TokenStream text = tokenize.Load(files, source.Location);
            ImmutableArray<int> starts = TokenWindows.ForCalibration(
                text.Ids.Length, calibration.SequenceLength.Value, share, calibration.Seed, calibration.Samples.Location);
            windows.AddRange(TokenWindows.Cut(text.Ids, starts, calibration.SequenceLength.Value));
            keys.Add(tokenize.KeyOf(files));
        }

        return new CalibrationText(CalibrationSample.Create(windows), keys is [Digest one] ? one : DigestOf(calibration.Sources, keys));
    }

    private static Digest DigestOf(ImmutableArray<CorpusSource> sources, List<Digest> keys)
    {
        var key = new KeyBuilder("corpora", Version);
        foreach ((CorpusSource source, Digest text) in sources.Zip(keys))
        {
            key.Add("weight", source.Weight.ToString("0.############################", CultureInfo.InvariantCulture)).Add("text", text);
        }

        return key.Build();
    }
}
