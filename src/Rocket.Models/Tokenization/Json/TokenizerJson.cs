using System.Text.Json;
using System.Text.Unicode;
using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization.AddedTokens;
using Rocket.Models.Tokenization.Decoders;
using Rocket.Models.Tokenization.Normalizers;
using Rocket.Models.Tokenization.PostProcessors;
using Rocket.Models.Tokenization.PreTokenizers;
using Rocket.Models.Tokenization.Subwords;

namespace Rocket.Models.Tokenization.Json;

/// <summary>Reads tokenizer.json, the file format of the tokenizers library; truncation and padding are the caller's business and not read.</summary>
internal static class TokenizerJson
{
    /// <summary>Reads a file's contents.</summary>
    /// <exception cref="RocketException">RKT2402 to RKT2406, RKT2409.</exception>
    public static PipelineTokenizer Read(string file, ReadOnlyMemory<byte> json)
    {
        using var document = Parse(file, json);
        var root = new JsonField(file, "", document.RootElement);
        var normalizer = NormalizerReader.Read(root["normalizer"]);
        var model = ReadModel(root["model"]);
        var added = AddedVocabulary.Read(root["added_tokens"], model.Vocabulary, normalizer);
        return new PipelineTokenizer(
            added,
            normalizer,
            PreTokenizerReader.ReadSteps(root["pre_tokenizer"]),
            model,
            PostProcessorReader.Read(root["post_processor"], Math.Max(model.Vocabulary.Count, added.Count)),
            DecoderReader.Read(root["decoder"]));
    }

    private static JsonDocument Parse(string file, ReadOnlyMemory<byte> json)
    {
        // The parser leaves the inside of strings unchecked until they are read.
        if (!Utf8.IsValid(json.Span))
        {
            throw TokenizerErrors.MalformedJson(file, "it is not UTF-8.");
        }

        try
        {
            return JsonDocument.Parse(json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json);
        }
        catch (JsonException e)
        {
            throw TokenizerErrors.MalformedJson(file, e.Message, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1, e);
        }
    }

    private static SubwordModel ReadModel(JsonField field)
    {
        // Files from before the field existed hold BPE.
        var type = field["type"].TextOr("BPE");
        return type switch
        {
            "BPE" => BpeReader.Read(field),
            "Unigram" => UnigramModel.Read(field),
            _ => throw TokenizerErrors.UnknownComponent(field.File, field.Path, "model", type, "BPE, Unigram"),
        };
    }
}
