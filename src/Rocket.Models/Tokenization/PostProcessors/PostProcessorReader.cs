using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization.Json;

namespace Rocket.Models.Tokenization.PostProcessors;

/// <summary>Reads <c>post_processor</c> of tokenizer.json, as far as it concerns a single text.</summary>
internal static class PostProcessorReader
{
    private const string Known = "Sequence, ByteLevel, TemplateProcessing";

    public static SpecialTokenTemplate Read(JsonField field, int vocabularySize) => field.IsNull ? SpecialTokenTemplate.None : field["type"].Text() switch
    {
        "Sequence" => field["processors"].Items().Aggregate(SpecialTokenTemplate.None, (inner, step) => inner.Within(Read(step, vocabularySize))),
        // It trims the offsets of tokens, which nobody here asks for.
        "ByteLevel" => SpecialTokenTemplate.None,
        "TemplateProcessing" => ReadTemplate(field, vocabularySize),
        var type => throw TokenizerErrors.UnknownComponent(field.File, field.Path, "post-processor", type, Known),
    };

    private static SpecialTokenTemplate ReadTemplate(JsonField field, int vocabularySize)
    {
        var (before, after) = (new List<int>(), new List<int>());
        var seesText = false;
        foreach (var item in field["single"].Items())
        {
            if (item["SpecialToken"] is { IsNull: false } special)
            {
                (seesText ? after : before).AddRange(ReadIds(field, special, vocabularySize));
                continue;
            }

            var sequence = item["Sequence"]["id"];
            if (seesText || sequence.Text() != "A")
            {
                throw sequence.Wrong("the sequence 'A', once");
            }

            seesText = true;
        }

        return seesText ? new SpecialTokenTemplate(before, after) : throw field["single"].Wrong("a template with the sequence 'A'");
    }

    private static IEnumerable<int> ReadIds(JsonField template, JsonField special, int vocabularySize)
    {
        var name = special["id"].Text();
        var token = template["special_tokens"][name];
        return token.IsNull
            ? throw TokenizerErrors.TokenOutsideVocabulary(special.File, special.Path, name)
            : token["ids"].Items().Select(id => id.Number(vocabularySize));
    }
}
