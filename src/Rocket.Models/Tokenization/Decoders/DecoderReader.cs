using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization.Json;
using Rocket.Models.Tokenization.Normalizers;
using Rocket.Models.Tokenization.Patterns;
using Rocket.Models.Tokenization.PreTokenizers;

namespace Rocket.Models.Tokenization.Decoders;

/// <summary>Reads <c>decoder</c> of tokenizer.json.</summary>
internal static class DecoderReader
{
    private const string Known = "Sequence, ByteLevel, Metaspace, Replace, ByteFallback, Fuse, Strip";

    public static Decoder? Read(JsonField field) => field.IsNull ? null : ReadPresent(field);

    private static Decoder ReadPresent(JsonField field) => field["type"].Text() switch
    {
        "Sequence" => new SequenceDecoder([.. field["decoders"].Items().Select(ReadPresent)]),
        "ByteLevel" => new ByteLevelDecoder(),
        "Metaspace" => new MetaspaceDecoder(PreTokenizerReader.ReadReplacement(field["replacement"]), PreTokenizerReader.ReadPrependScheme(field)),
        "Replace" => new ReplaceDecoder(new ReplaceNormalizer(TextPattern.Read(field["pattern"]), field["content"].Text())),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "Strip" => new StripDecoder(
            field["content"].Text() is [var only] ? only : throw field["content"].Wrong("one character"),
            field["start"].Number(int.MaxValue),
            field["stop"].Number(int.MaxValue)),
        var type => throw TokenizerErrors.UnknownComponent(field.File, field.Path, "decoder", type, Known),
    };
}
