using System.Text.Json;
using Rocket.Models.Tokenization;

namespace Rocket.Models.Tests.Tokenization;

/// <summary>Token ids and decoded texts of the reference libraries (tokenizers, sentencepiece), every case exact.</summary>
public sealed class GoldenTokenizerTests
{
    private const string SentencePieceSet = "stories260k-sentencepiece";

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static bool IsSetElsewhere => Environment.GetEnvironmentVariable("ROCKET_TOKENIZER_FILES") is { Length: > 0 };

    private static string StoriesModel => SharedData.PathOf("models", "stories260k");

    /// <summary>The known sets that the goldens hold; the two whose files are not among them wherever ROCKET_TOKENIZER_FILES says where SET/tokenizer.json is, as <c>.ci/run</c> does.</summary>
    public static TheoryData<string> Sets()
    {
        string[] shipped = ["gpt2-bytelevel", "llama2-style", "llama3-style", "qwen2-style", "smollm2", SentencePieceSet, "unigram-metaspace"];
        string[] elsewhere = ["gemma3", "qwen3"];
        string[] sets =
        [
            .. shipped.Where(set => Directory.Exists(Path.Combine(SharedData.Goldens, "tokenizers", set))),
            .. elsewhere.Where(set => File.Exists(Path.Combine(SharedData.Goldens, "tokenizers", set, "cases.jsonl")) && (IsSetElsewhere || Tokenizer.FilesIn(Folder(set)).Count > 0)),
        ];
        Assert.NotEmpty(sets);
        return [.. sets];
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_text_has_the_ids_and_the_decoded_text_of_the_reference(string set)
    {
        var tokenizer = set == SentencePieceSet ? SentencePieceTokenizer.Load(Path.Combine(StoriesModel, "tokenizer.model")) : Tokenizer.Load(Folder(set));
        var cases = Cases(set);
        Assert.NotEmpty(cases);
        Assert.All(cases, expected =>
        {
            Assert.Equal(expected.Ids, tokenizer.Encode(expected.Text, addSpecialTokens: false));
            Assert.Equal(expected.IdsSpecial, tokenizer.Encode(expected.Text, addSpecialTokens: true));
            Assert.Equal(expected.Decoded, tokenizer.Decode(expected.Ids, skipSpecialTokens: false));
            Assert.Equal(expected.DecodedSkip, tokenizer.Decode(expected.IdsSpecial, skipSpecialTokens: true));
        });
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void It_adds_a_beginning_of_sequence_where_the_reference_does(string set)
    {
        var tokenizer = set == SentencePieceSet ? SentencePieceTokenizer.Load(Path.Combine(StoriesModel, "tokenizer.model")) : Tokenizer.Load(Folder(set));
        // A text that begins with its own tokens shows what was put before them, unless it is a special token itself.
        Assert.All(Cases(set).Where(expected => expected.Ids.Length > 0 && !expected.Text.Contains('<', StringComparison.Ordinal)), expected =>
            Assert.Equal(tokenizer.AddsBeginOfSequence, !expected.IdsSpecial.AsSpan().StartsWith(expected.Ids)));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Many_threads_that_share_a_tokenizer_get_the_ids_of_one(string set)
    {
        var tokenizer = Tokenizer.Load(set == SentencePieceSet ? StoriesModel : Folder(set));
        var texts = Cases(set).Select(expected => expected.Text).ToArray();
        var together = texts.AsParallel().AsOrdered().Select(text => tokenizer.Encode(text, addSpecialTokens: true)).ToArray();
        Assert.Equal(texts.Select(text => tokenizer.Encode(text, addSpecialTokens: true)), together);
    }

    [Fact]
    public void A_tokenizer_json_rebuilt_from_a_SentencePiece_model_has_its_ids()
    {
        var tokenizer = Tokenizer.Load(StoriesModel);
        // Control pieces and U+2581 written in a text are the documented differences of the two formats.
        string[] differing = ["<s>", "</s>", "<unk>", "\u2581"];
        var cases = Cases(SentencePieceSet).Where(expected => !differing.Any(part => expected.Text.Contains(part, StringComparison.Ordinal)));
        Assert.All(cases, expected => Assert.Equal(expected.IdsSpecial, tokenizer.Encode(expected.Text, addSpecialTokens: true)));
    }

    internal static string Folder(string set)
    {
        var golden = Path.Combine(SharedData.Goldens, "tokenizers", set);
        var elsewhere = Environment.GetEnvironmentVariable("ROCKET_TOKENIZER_FILES");
        return string.IsNullOrEmpty(elsewhere) || Tokenizer.FilesIn(golden).Count > 0 ? golden : Path.Combine(elsewhere, set);
    }

    private static Case[] Cases(string set) =>
        [.. File.ReadLines(Path.Combine(SharedData.Goldens, "tokenizers", set, "cases.jsonl")).Select(line => JsonSerializer.Deserialize<Case>(line, Options)!)];

    private sealed record Case(string Text, int[] Ids, int[] IdsSpecial, string Decoded, string DecodedSkip);
}
