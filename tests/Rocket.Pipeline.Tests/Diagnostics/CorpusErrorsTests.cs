using System.Text;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Corpora;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Tests.Diagnostics;

public sealed class CorpusErrorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_empty_corpus_is_RKT3102()
    {
        SourceLocation place = new("rocket.yaml", 6, 17);
        RocketException error = Assert.Throws<RocketException>(() => TokenStream.Concatenate(CorpusReader.Read(_folder.Write("a.txt", "")), (_, _) => [], false, place));
        Assert.Equal("RKT3102", error.Code);
        Assert.Equal(place, error.Location);
    }

    [Theory]
    [InlineData("{\"text\": }", 10)]
    [InlineData("{\"text\": \"é\" x}", 14)]
    [InlineData("{\"text\": \"a\"} {}", 15)]
    [InlineData("{\"text\": \"\\ud800\"}", 1)]
    public void A_line_that_is_not_JSON_is_RKT3103(string line, int column) => Refused("a.jsonl", "{\"text\":\"good\"}\n" + line, "RKT3103", 2, column);

    [Fact]
    public void JSON_deeper_than_64_levels_is_RKT3103() => Refused("a.jsonl", new string('[', 100_000), "RKT3103", 1, 65);

    [Theory]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("{\"id\": 3}")]
    [InlineData("{\"text\": 3}")]
    [InlineData("{\"text\": null}")]
    [InlineData("{\"ids\": \"1 2\"}")]
    [InlineData("{\"ids\": [1], \"text\": \"a\"}")]
    public void A_line_that_is_no_document_is_RKT3104(string line) => Refused("a.jsonl", "\n" + line, "RKT3104", 2, 1);

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("2147483648")]
    [InlineData("\"1\"")]
    [InlineData("null")]
    public void What_is_no_id_is_RKT3105(string id) =>
        Assert.Contains(id, Refused("a.jsonl", $"{{\"ids\": [1, {id}]}}", "RKT3105", 1, 1).Message);

    [Fact]
    public void A_corpus_shorter_than_asked_is_RKT3106_and_says_what_there_is()
    {
        SourceLocation place = new("rocket.yaml", 7, 16);
        foreach (Action ask in (Action[])[() => TokenWindows.ForCalibration(1000, 512, 2, 0, place), () => TokenWindows.ForEvaluation(1000, 512, 2, place)])
        {
            RocketException error = Assert.Throws<RocketException>(ask);
            Assert.Equal("RKT3106", error.Code);
            Assert.Equal(place, error.Location);
            Assert.Contains("1000 tokens, that is 1 windows of 512, but 2", error.Message);
        }
    }

    [Fact]
    public void Another_kind_of_file_is_RKT3107() => Refused("a.parquet", "", "RKT3107", 0, 0);

    [Fact]
    public void A_file_that_cannot_be_read_is_RKT3108()
    {
        Assert.Equal("RKT3108", Assert.Throws<RocketException>(() => CorpusReader.Read(_folder.At("none.txt")).Count()).Code);
        Directory.CreateDirectory(_folder.At("folder.txt"));
        Assert.Equal("RKT3108", Assert.Throws<RocketException>(() => CorpusReader.Read(_folder.At("folder.txt")).Count()).Code);
    }

    [Fact]
    public void Text_beside_ids_is_RKT3109()
    {
        string path = _folder.Write("a.jsonl", "{\"text\":\"a\"}\n{\"ids\":[1]}");
        RocketException error = Assert.Throws<RocketException>(() => TokenStream.Concatenate(CorpusReader.Read(path), (_, _) => [1], false));
        Assert.Equal("RKT3109", error.Code);
        Assert.Equal(new SourceLocation(path, 2, 1), error.Location);
    }

    [Fact]
    public void Text_without_a_tokenizer_is_RKT3110()
    {
        string path = _folder.Write("a.txt", "text");
        RocketException error = Assert.Throws<RocketException>(() => TokenStream.Concatenate(CorpusReader.Read(path), null, false));
        Assert.Equal("RKT3110", error.Code);
        Assert.Equal(new SourceLocation(path, 1, 1), error.Location);
    }

    [Theory]
    [InlineData("a.txt")]
    [InlineData("a.jsonl")]
    public void Bytes_that_are_not_UTF8_are_RKT3111(string name)
    {
        File.WriteAllBytes(_folder.At(name), [.. Encoding.UTF8.GetBytes("{\"text\":\"a\"}\né"), 0xFF, .. "bc"u8]);
        RocketException error = Assert.Throws<RocketException>(() => CorpusReader.Read(_folder.At(name)).Count());
        Assert.Equal("RKT3111", error.Code);
        Assert.Equal(new SourceLocation(_folder.At(name), 2, 2), error.Location);
    }

    [Fact]
    public void A_line_of_half_a_gigabyte_is_RKT3112()
    {
        string path = _folder.At("a.txt");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(Utf8Lines.Longest + (1L << 20));
        }

        RocketException error = Assert.Throws<RocketException>(() => CorpusReader.Read(path).Count());
        Assert.Equal("RKT3112", error.Code);
        Assert.Equal(new SourceLocation(path, 1, 1), error.Location);
    }

    [Fact]
    public void Every_error_of_a_corpus_names_a_way_out() =>
        Assert.All(
            (RocketException[])[CorpusErrors.Empty(null), CorpusErrors.TooShort(null, 1, 0, 2, 1), CorpusErrors.UnknownExtension("a.b")],
            error => Assert.Matches(@"\. [A-Z].*\.$", error.Message));

    private RocketException Refused(string name, string text, string code, int line, int column)
    {
        string path = _folder.Write(name, text);
        RocketException error = Assert.Throws<RocketException>(() => CorpusReader.Read(path).Count());
        Assert.Equal(code, error.Code);
        Assert.Equal(new SourceLocation(path, line, column), error.Location);
        return error;
    }
}
