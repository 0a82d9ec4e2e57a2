using System.Text;
using System.Text.Json.Nodes;
using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization;

namespace Rocket.Models.Tests.Tokenization;

public sealed class TokenizerErrorTests
{
    [Fact]
    public void A_folder_without_a_tokenizer_is_refused()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<RocketException>(() => Tokenizer.Load(folder.Path));
        Assert.Equal("RKT2401", error.Code);
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        Assert.Empty(Tokenizer.FilesIn(folder.Path));
    }

    [Fact]
    public void Truncated_JSON_is_refused_with_its_line()
    {
        var error = Assert.Throws<RocketException>(() => TokenizerText.Load("{\n  \"model\": {"u8));
        Assert.Equal("RKT2402", error.Code);
        Assert.Equal(2, error.Location?.Line);
    }

    [Theory]
    [InlineData("normalizer")]
    [InlineData("pre_tokenizer")]
    [InlineData("post_processor")]
    [InlineData("decoder")]
    [InlineData("model")]
    public void An_unknown_part_is_refused_by_its_name(string part)
    {
        var content = TokenizerText.Create();
        content[part] = new JsonObject { ["type"] = "Telepathy" };
        var error = Assert.Throws<RocketException>(() => TokenizerText.Load(content));
        Assert.Equal("RKT2403", error.Code);
        Assert.Contains($"'Telepathy' at '{part}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zz a", "zz")]
    [InlineData("a zz", "zz")]
    [InlineData("a b", "ab")]
    public void A_merge_of_tokens_outside_the_vocabulary_is_refused(string merge, string token)
    {
        var content = TokenizerText.Create();
        content["model"]!["merges"] = new JsonArray(merge);
        var error = Assert.Throws<RocketException>(() => TokenizerText.Load(content));
        Assert.Equal("RKT2404", error.Code);
        Assert.Contains($"Merge 0 ('{merge}') names the token '{token}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vocab", "[1]", "model.vocab")]
    [InlineData("vocab", "{\"a\":-1}", "model.vocab['a']")]
    [InlineData("vocab", "{\"a\":2000000000}", "model.vocab['a']")]
    [InlineData("vocab", "{\"a\":\"b\"}", "model.vocab['a']")]
    [InlineData("merges", "null", "model.merges")]
    [InlineData("merges", "[\"abc\"]", "model.merges[0]")]
    [InlineData("merges", "[[\"a\"]]", "model.merges[0]")]
    [InlineData("merges", "[[\"a\",1]]", "model.merges[0][1]")]
    [InlineData("byte_fallback", "\"yes\"", "model.byte_fallback")]
    [InlineData("dropout", "0.1", "model.dropout")]
    public void A_field_of_the_wrong_kind_is_refused_with_its_path(string field, string value, string path)
    {
        var content = TokenizerText.Create();
        content["model"]![field] = JsonNode.Parse(value);
        var error = Assert.Throws<RocketException>(() => TokenizerText.Load(content));
        Assert.Equal("RKT2405", error.Code);
        Assert.Contains($"'{path}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"model\":{\"unk_token\":\"\\ud800\",\"vocab\":{}}}", "model.unk_token")]
    [InlineData("{\"model\":{\"vocab\":{\"\\ud800\":0}}}", "model.vocab")]
    public void A_string_that_is_no_text_is_refused_with_its_path(string content, string path)
    {
        var error = Assert.Throws<RocketException>(() => TokenizerText.Load(Encoding.UTF8.GetBytes(content)));
        Assert.Equal("RKT2405", error.Code);
        Assert.Contains($"'{path}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_UTF8_is_refused()
    {
        Assert.Equal("RKT2402", Assert.Throws<RocketException>(() => TokenizerText.Load([(byte)'"', 0xFF, (byte)'"'])).Code);
    }

    [Fact]
    public void A_file_that_is_no_object_is_refused()
    {
        Assert.Equal("RKT2405", Assert.Throws<RocketException>(() => TokenizerText.Load("[1, 2]"u8)).Code);
    }

    [Theory]
    [InlineData("[a")]
    [InlineData("[a&&b]")]
    [InlineData("[[:alpha:]]")]
    [InlineData("a?+")]
    [InlineData("\\p{Han}")]
    [InlineData("(?x:a)")]
    [InlineData("\U0001F600")]
    public void A_pattern_that_would_match_something_else_is_refused(string pattern)
    {
        var content = TokenizerText.Create();
        content["pre_tokenizer"] = new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["behavior"] = "Isolated" };
        var error = Assert.Throws<RocketException>(() => TokenizerText.Load(content));
        Assert.Equal("RKT2406", error.Code);
        Assert.Contains(pattern, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_token_outside_the_vocabulary_is_refused()
    {
        var content = TokenizerText.Create();
        content["model"]!["unk_token"] = "<unk>";
        Assert.Equal("RKT2409", Assert.Throws<RocketException>(() => TokenizerText.Load(content)).Code);
    }

    [Fact]
    public void A_template_of_a_token_that_it_does_not_define_is_refused()
    {
        var content = TokenizerText.Create();
        content["post_processor"] = JsonNode.Parse("""
            { "type": "TemplateProcessing", "single": [ { "SpecialToken": { "id": "<s>" } }, { "Sequence": { "id": "A" } } ], "special_tokens": {} }
            """);
        Assert.Equal("RKT2409", Assert.Throws<RocketException>(() => TokenizerText.Load(content)).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0A05")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("0A050A0161187F")]
    [InlineData("0A030A01611202180" + "2")]
    public void A_file_that_is_no_SentencePiece_model_is_refused(string bytes)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.model", Convert.FromHexString(bytes));
        Assert.Equal("RKT2407", Assert.Throws<RocketException>(() => Tokenizer.Load(folder.Path)).Code);
    }

    [Fact]
    public void A_SentencePiece_model_that_is_no_BPE_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.model", Convert.FromHexString("0A050A01611802"));
        var error = Assert.Throws<RocketException>(() => Tokenizer.Load(folder.Path));
        Assert.Equal("RKT2408", error.Code);
        Assert.Contains("model type 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_refused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("missing"));
        Assert.Equal("RKT2410", Assert.Throws<RocketException>(() => SentencePieceTokenizer.Load(folder.At("missing"))).Code);
    }

    [Fact]
    public void Tokenizer_json_is_taken_before_the_SentencePiece_model()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.model", [0xFF]);
        Assert.Equal([folder.At("tokenizer.model")], Tokenizer.FilesIn(folder.Path));
        folder.Write("tokenizer.json", Encoding.UTF8.GetBytes(TokenizerText.Create().ToJsonString()));
        Assert.Equal([folder.At("tokenizer.json")], Tokenizer.FilesIn(folder.Path));
        Assert.Equal(256, Tokenizer.Load(folder.Path).VocabularySize);
    }
}
