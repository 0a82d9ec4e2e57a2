using System.Text;
using System.Text.Json.Nodes;
using Rocket.Models.Tokenization;
using Rocket.Models.Tokenization.PreTokenizers;

namespace Rocket.Models.Tests.Tokenization;

/// <summary>A small tokenizer.json as text: byte-level BPE with all 256 bytes and no merges; tests change one part of it.</summary>
internal static class TokenizerText
{
    /// <summary>A valid file's content.</summary>
    public static JsonObject Create()
    {
        var vocabulary = new JsonObject();
        // Latin-1 text of every length-one string gives each byte once, by way of UTF-8 for the upper half.
        foreach (var c in Enumerable.Range(0, 0x800).SelectMany(i => ByteAlphabet.Write(((char)i).ToString())).Concat(Alphabet()).Distinct())
        {
            vocabulary[c.ToString()] = vocabulary.Count;
        }

        return new JsonObject
        {
            ["added_tokens"] = new JsonArray(),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = true },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        };
    }

    /// <summary>Loads a folder that holds this tokenizer.json.</summary>
    public static Tokenizer Load(JsonNode content) => Load(Encoding.UTF8.GetBytes(content.ToJsonString()));

    /// <summary>Loads a folder whose tokenizer.json has these bytes.</summary>
    public static Tokenizer Load(ReadOnlySpan<byte> bytes)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", bytes);
        return Tokenizer.Load(folder.Path);
    }

    private static IEnumerable<char> Alphabet() => Enumerable.Range(0, 0x144).Select(i => (char)i).Where(c => c is (>= '!' and <= '~') or (>= '\u00A1' and not '\u00AD'));
}
