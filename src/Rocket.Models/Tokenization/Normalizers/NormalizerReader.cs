using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization.Json;
using Rocket.Models.Tokenization.Patterns;

namespace Rocket.Models.Tokenization.Normalizers;

/// <summary>Reads <c>normalizer</c> of tokenizer.json.</summary>
internal static class NormalizerReader
{
    private const string Known = "Sequence, NFC, NFD, NFKC, NFKD, Prepend, Replace, Strip";

    public static Normalizer? Read(JsonField field) => field.IsNull ? null : ReadPresent(field);

    private static Normalizer ReadPresent(JsonField field) => field["type"].Text() switch
    {
        "Sequence" => new SequenceNormalizer([.. field["normalizers"].Items().Select(ReadPresent)]),
        "NFC" => new UnicodeNormalizer(compatibility: false, compose: true),
        "NFD" => new UnicodeNormalizer(compatibility: false, compose: false),
        "NFKC" => new UnicodeNormalizer(compatibility: true, compose: true),
        "NFKD" => new UnicodeNormalizer(compatibility: true, compose: false),
        "Prepend" => new PrependNormalizer(field["prepend"].Text()),
        "Replace" => new ReplaceNormalizer(TextPattern.Read(field["pattern"]), field["content"].Text()),
        "Strip" => new StripNormalizer(field["strip_left"].Flag(true), field["strip_right"].Flag(true)),
        var type => throw TokenizerErrors.UnknownComponent(field.File, field.Path, "normalizer", type, Known),
    };
}
