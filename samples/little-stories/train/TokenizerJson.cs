using System.Text.Json;
using System.Text.Json.Nodes;

namespace LittleStories;

/// <summary>The tokenizer.json form of a byte-level BPE tokenizer.</summary>
internal static class TokenizerJson
{
    /// <summary>The whole document.</summary>
    public static JsonObject Make(BpeTokenizer tokenizer)
    {
        List<string> tokens = [BpeTokenizer.EndOfText, .. ByteAlphabet.Ordered.Select(c => c.ToString())];
        var merges = new JsonArray();
        foreach (var (left, right) in tokenizer.Merges)
        {
            merges.Add(new JsonArray(tokens[left], tokens[right]));
            tokens.Add(tokens[left] + tokens[right]);
        }

        var vocabulary = new JsonObject();
        for (var id = 0; id < tokens.Count; id++)
        {
            vocabulary[tokens[id]] = id;
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray(new JsonObject
            {
                ["id"] = 0,
                ["content"] = BpeTokenizer.EndOfText,
                ["single_word"] = false,
                ["lstrip"] = false,
                ["rstrip"] = false,
                ["normalized"] = false,
                ["special"] = true,
            }),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = true, ["use_regex"] = true },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = merges,
            },
        };
    }

    /// <summary>Reads the merges of a document that <see cref="Make"/> made.</summary>
    public static BpeTokenizer Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var model = document.RootElement.GetProperty("model");
        var ids = model.GetProperty("vocab").EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32());
        return new BpeTokenizer([.. model.GetProperty("merges").EnumerateArray().Select(pair => (ids[pair[0].GetString()!], ids[pair[1].GetString()!]))]);
    }
}
