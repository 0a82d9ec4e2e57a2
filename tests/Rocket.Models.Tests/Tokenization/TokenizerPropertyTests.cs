using CsCheck;
using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization;

namespace Rocket.Models.Tests.Tokenization;

public sealed class TokenizerPropertyTests
{
    private static readonly string[] Fragments =
        ["<|im_start|>", "<mask>", "<s>", " ", "  ", "\r\n", "'s", "'\u017F", "e\u0301", "\uD55C", "\U0001D7D8", "\U0001F600", "\u2581", "\0", "12345", "word"];

    /// <summary>Strings of any UTF-16 units, lone surrogates among them, and of fragments that tokenizers treat specially.</summary>
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.Char['\0', '\uFFFF'].Select(c => c.ToString()),
        Gen.Char['\uD800', '\uDFFF'].Select(c => c.ToString()),
        Gen.Int[0, Fragments.Length - 1].Select(i => Fragments[i])).Array[0, 24].Select(string.Concat);

    [Theory]
    [MemberData(nameof(GoldenTokenizerTests.Sets), MemberType = typeof(GoldenTokenizerTests))]
    public void Any_string_is_encoded_to_ids_of_the_vocabulary_and_decoded(string set)
    {
        var folder = GoldenTokenizerTests.Folder(set);
        if (Tokenizer.FilesIn(folder).Count == 0)
        {
            folder = SharedData.PathOf("models", "stories260k");
        }

        Tokenizer[] tokenizers = File.Exists(Path.Combine(folder, "tokenizer.model"))
            ? [Tokenizer.Load(folder), SentencePieceTokenizer.Load(Path.Combine(folder, "tokenizer.model"))]
            : [Tokenizer.Load(folder)];
        AnyText.Sample(
            text => tokenizers.All(tokenizer =>
            {
                var ids = tokenizer.Encode(text, addSpecialTokens: true);
                _ = tokenizer.Decode(ids, skipSpecialTokens: true);
                return ids.All(id => id >= 0 && id < tokenizer.VocabularySize);
            }),
            iter: 500);
    }

    [Theory]
    [InlineData("gpt2-bytelevel")]
    [InlineData("llama3-style")]
    public void Bytes_that_are_all_in_the_vocabulary_bring_every_text_back(string set)
    {
        var tokenizer = Tokenizer.Load(Path.Combine(SharedData.Goldens, "tokenizers", set));
        // Tokens that take the white space beside them do not bring it back.
        var text = AnyText.Where(text => !text.Contains("<mask>", StringComparison.Ordinal));
        text.Sample(
            text => string.Concat(text.EnumerateRunes().Select(rune => rune.ToString())) == tokenizer.Decode(tokenizer.Encode(text, false), skipSpecialTokens: false),
            iter: 1000);
    }

    [Fact]
    public void A_damaged_tokenizer_json_is_read_or_refused_with_a_code()
    {
        var intact = File.ReadAllBytes(Path.Combine(SharedData.Goldens, "tokenizers", "llama3-style", "tokenizer.json"));
        Gen.Select(Gen.Int[0, intact.Length - 1], Gen.Byte).Array[1, 4].Sample(
            damage => ReadsOrRefuses(Damaged(intact, damage), bytes => TokenizerText.Load(bytes)),
            iter: 300);
    }

    [Fact]
    public void A_damaged_SentencePiece_model_is_read_or_refused_with_a_code()
    {
        var intact = File.ReadAllBytes(SharedData.PathOf("models", "stories260k", "tokenizer.model"));
        using var folder = new TemporaryFolder();
        Gen.Select(Gen.Int[0, intact.Length - 1], Gen.Byte).Array[1, 4].Sample(
            damage => ReadsOrRefuses(Damaged(intact, damage), bytes => SentencePieceTokenizer.Load(folder.Write("tokenizer.model", bytes))),
            iter: 500,
            threads: 1);
    }

    private static byte[] Damaged(byte[] intact, (int Place, byte Value)[] damage)
    {
        byte[] bytes = [.. intact];
        foreach (var (place, value) in damage)
        {
            bytes[place] = value;
        }

        return bytes;
    }

    private static bool ReadsOrRefuses(byte[] bytes, Func<byte[], Tokenizer> load)
    {
        try
        {
            var tokenizer = load(bytes);
            _ = tokenizer.Decode(tokenizer.Encode("One day, <s> a dog\u00E9.", addSpecialTokens: true), skipSpecialTokens: false);
            return true;
        }
        catch (RocketException e)
        {
            return e.Code.StartsWith("RKT24", StringComparison.Ordinal);
        }
    }
}
