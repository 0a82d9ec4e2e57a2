using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization.Json;
using Rocket.Models.Tokenization.Patterns;

namespace Rocket.Models.Tokenization.PreTokenizers;

/// <summary>Reads <c>pre_tokenizer</c> of tokenizer.json.</summary>
internal static class PreTokenizerReader
{
    private const string Known = "Sequence, ByteLevel, Split, Digits, Metaspace";

    /// <summary>The pre-tokenizer's steps, those of nested sequences in line.</summary>
    public static List<PreTokenizer> ReadSteps(JsonField field)
    {
        if (field.IsNull)
        {
            return [];
        }

        return field["type"].Text() switch
        {
            "Sequence" => [.. field["pretokenizers"].Items().SelectMany(ReadSteps)],
            "ByteLevel" => [new ByteLevelPreTokenizer(field["add_prefix_space"].Flag(true), field["use_regex"].Flag(true), writeBytes: true)],
            "Split" => [new SplitPreTokenizer(TextPattern.Read(field["pattern"]), ReadBehavior(field["behavior"]), field["invert"].Flag(false))],
            "Digits" => [new DigitsPreTokenizer(field["individual_digits"].Flag(false))],
            "Metaspace" => [new MetaspacePreTokenizer(ReadReplacement(field["replacement"]), ReadPrependScheme(field), field["split"].Flag(true))],
            var type => throw TokenizerErrors.UnknownComponent(field.File, field.Path, "pre-tokenizer", type, Known),
        };
    }

    public static char ReadReplacement(JsonField field) => field.TextOr("\u2581") is [var only] ? only : throw field.Wrong("one character");

    /// <summary>The scheme; files from before it existed have <c>add_prefix_space</c> instead.</summary>
    public static PrependScheme ReadPrependScheme(JsonField field) => field["prepend_scheme"].TextOrNull() switch
    {
        null => field["add_prefix_space"].Flag(true) ? PrependScheme.Always : PrependScheme.Never,
        "always" => PrependScheme.Always,
        "first" => PrependScheme.First,
        "never" => PrependScheme.Never,
        _ => throw field["prepend_scheme"].Wrong("'always', 'first' or 'never'"),
    };

    private static DelimiterBehavior ReadBehavior(JsonField field) => field.Text() switch
    {
        nameof(DelimiterBehavior.Removed) => DelimiterBehavior.Removed,
        nameof(DelimiterBehavior.Isolated) => DelimiterBehavior.Isolated,
        nameof(DelimiterBehavior.MergedWithPrevious) => DelimiterBehavior.MergedWithPrevious,
        nameof(DelimiterBehavior.MergedWithNext) => DelimiterBehavior.MergedWithNext,
        nameof(DelimiterBehavior.Contiguous) => DelimiterBehavior.Contiguous,
        _ => throw field.Wrong("'Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext' or 'Contiguous'"),
    };
}
