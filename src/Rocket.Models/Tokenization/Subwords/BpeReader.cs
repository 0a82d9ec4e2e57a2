using System.Text.Json;
using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization.Json;

namespace Rocket.Models.Tokenization.Subwords;

/// <summary>Reads a <c>model</c> of type BPE.</summary>
internal static class BpeReader
{
    public static BpeModel Read(JsonField field)
    {
        var dropout = field["dropout"];
        if (!dropout.IsNull && dropout.Real() != 0)
        {
            throw dropout.Wrong("null: an encoding must not be random");
        }

        var vocabulary = Vocabulary.Read(field["vocab"]);
        var unknown = field["unk_token"].TextOrNull();
        if (unknown is not null && vocabulary.IdOf(unknown) < 0)
        {
            throw TokenizerErrors.TokenOutsideVocabulary(field.File, $"{field.Path}.unk_token", unknown);
        }

        var options = new BpeOptions(
            unknown is null ? -1 : vocabulary.IdOf(unknown),
            field["fuse_unk"].Flag(false),
            field["byte_fallback"].Flag(false),
            field["ignore_merges"].Flag(false),
            field["continuing_subword_prefix"].TextOr(""),
            field["end_of_word_suffix"].TextOr(""));
        return new BpeModel(vocabulary, ReadMerges(field["merges"], vocabulary, options.ContinuingPrefix), options);
    }

    private static MergeTable ReadMerges(JsonField field, Vocabulary vocabulary, string prefix)
    {
        field.Expect(JsonValueKind.Array, "an array of merges");
        var merges = new MergeTable(field.Element.GetArrayLength());
        var rank = 0;
        foreach (var item in field.Items())
        {
            var (left, right) = ReadPair(item);
            var tail = right.StartsWith(prefix, StringComparison.Ordinal) ? right[prefix.Length..] : right;
            merges.Add(Id(left), Id(right), Id(left + tail), rank);
            rank++;

            int Id(string token) => vocabulary.IdOf(token) is >= 0 and var id
                ? id
                : throw TokenizerErrors.MergeOutsideVocabulary(field.File, rank, $"{left} {right}", token);
        }

        return merges;
    }

    /// <summary>A merge is a pair of strings, or in older files one string with a space between.</summary>
    private static (string Left, string Right) ReadPair(JsonField item)
    {
        const string Expected = "a pair of tokens";
        if (item.Element.ValueKind == JsonValueKind.String)
        {
            return item.Text().Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw item.Wrong(Expected);
        }

        item.Expect(JsonValueKind.Array, Expected);
        return item.Items().ToArray() is [var first, var second] ? (first.Text(), second.Text()) : throw item.Wrong(Expected);
    }
}
