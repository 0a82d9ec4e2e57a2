using System.Text.Json;
using Rocket.Models.Tokenization;

namespace Rocket.Models.Tests.Tokenization;

/// <summary>Token ids and decoded texts of the reference libraries (tokenizers, sentencepiece), every case exact.</summary>
public sealed class GoldenTokenizers
{
    private const string SentencePieceSet = "stories260k-sentencepiece";

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The sets whose tokenizer is at hand; those that the goldens do not hold come from ROCKET_TOKENIZER_FILES/SET/tokenizer.json.</summary>
    public static TheoryData<string> Sets()
    {
        string[] shipped = ["gpt2-bytelevel", "llama2-style", "llama3-style", "qwen2-style", "smollm2", SentencePieceSet, "unigram-metaspace"];
        return [.. shipped, .. new[] { "gemma3", "qwen3" }.Where(set => File.Exists(Path.Combine(Folder(set), "tokenizer.json")))];
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_text_has_the_ids_and_the_decoded_text_of_the_reference(string set)
    {
        var tokenizer = set == SentencePieceSet
            ? SentencePieceTokenizer.Load(Path.Combine(SharedFolder.Root, "models", "stories260k", "tokenizer.model"))
            : Tokenizer.Load(Folder(set));
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
    public void A_text_is_encoded_the_same_when_all_texts_before_it_are_known(string set)
    {
        var tokenizer = set == SentencePieceSet
            ? Tokenizer.Load(Path.Combine(SharedFolder.Root, "models", "stories260k"))
            : Tokenizer.Load(Folder(set));
        var texts = Cases(set).Select(expected => expected.Text).ToArray();
        var first = texts.Select(text => tokenizer.Encode(text, addSpecialTokens: true)).ToArray();
        var second = texts.AsParallel().AsOrdered().Select(text => tokenizer.Encode(text, addSpecialTokens: true)).ToArray();
        Assert.Equal(first, second);
    }

    private static string Folder(string set)
    {
        var golden = Path.Combine(SharedFolder.Goldens, "tokenizers", set);
        var elsewhere = Environment.GetEnvironmentVariable("ROCKET_TOKENIZER_FILES");
        return elsewhere is null || File.Exists(Path.Combine(golden, "tokenizer.json")) ? golden : Path.Combine(elsewhere, set);
    }

    private static Case[] Cases(string set) =>
        [.. File.ReadLines(Path.Combine(SharedFolder.Goldens, "tokenizers", set, "cases.jsonl")).Select(line => JsonSerializer.Deserialize<Case>(line, Options)!)];

    private sealed record Case(string Text, int[] Ids, int[] IdsSpecial, string Decoded, string DecodedSkip);
}
