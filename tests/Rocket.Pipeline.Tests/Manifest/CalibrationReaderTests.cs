using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Tests.Manifest;

public sealed class CalibrationReaderTests
{
    [Fact]
    public void Patterns_alone_are_one_source()
    {
        CorpusSource source = Assert.Single(Read("[ \"a/*.txt\", \"!a/b.txt\" ]").Sources);
        Assert.Equal(1, source.Weight);
        Assert.Equal(["a/*.txt", "!a/b.txt"], source.Files.Select(pattern => pattern.Value));
    }

    [Fact]
    public void A_list_of_sources_has_weights()
    {
        CalibrationManifest calibration = Read("[ { files: \"web/*.jsonl\", weight: 2.5 }, { files: [ \"a.txt\", \"b.txt\" ] } ]");
        Assert.Equal([2.5m, 1m], calibration.Sources.Select(source => source.Weight));
        Assert.Equal(["web/*.jsonl", "a.txt", "b.txt"], calibration.Corpus.Select(pattern => pattern.Value));
        Assert.Equal("rocket.yaml(6,17)", calibration.Sources[0].Location.ToString());
    }

    [Theory]
    [InlineData("[ { files: \"a.txt\", weight: 0 } ]", "RKT1010", "greater than 0")]
    [InlineData("[ { files: \"a.txt\", weight: heavy } ]", "RKT1005", "a number")]
    [InlineData("[ { file: \"a.txt\" } ]", "RKT1003", "Did you mean \"files\"?")]
    [InlineData("[ { weight: 1 } ]", "RKT1006", "files")]
    [InlineData("[ { files: \"a.txt\" }, \"b.txt\" ]", "RKT1005", "a mapping")]
    [InlineData("[ { files: \"a.txt\", weight: 1000 }, { files: \"b.txt\" } ]", "RKT1033", "none of the 8 windows")]
    public void A_source_that_cannot_be_used_is_refused_at_its_place(string corpus, string code, string text)
    {
        RocketException error = Assert.Throws<RocketException>(() => Read(corpus));
        Assert.Equal(code, error.Code);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Equal(6, error.Location!.Line);
    }

    private static CalibrationManifest Read(string corpus) => ManifestReader.Parse(
        $$"""
        version: 1
        models:
          - name: m
            source: folder
            calibration:
              corpus: {{corpus}}
              samples: 8
            budgets:
              - { name: r30, remove: 30% }
        """, "rocket.yaml").Models.Single().Calibration;
}
