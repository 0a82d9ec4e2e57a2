using System.Collections.Immutable;
using System.Globalization;
using Rocket.Models.Factors;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>Reads <c>valueBits</c> and <c>valueGroups</c> of a model.</summary>
internal static class ValuesReader
{
    private const int Floats = 16;

    public static ValuesManifest Read(MappingReader model, MethodManifest method)
    {
        if (method.IsPaper)
        {
            foreach (string key in (ReadOnlySpan<string>)["valueBits", "valueGroups"])
            {
                if (model.Optional(key) is { } node)
                {
                    throw ManifestErrors.NotInPaperMethod(node.Location, key);
                }
            }

            return ValuesManifest.Floats;
        }

        ImmutableArray<int> bits = Numbers(model, "valueBits", [Floats, .. Quantization.KnownBits]);
        ImmutableArray<int> groups = Numbers(model, "valueGroups", Quantization.KnownGroupSizes);
        return new ValuesManifest(bits.Contains(Floats), [.. bits.Where(width => width != Floats).SelectMany(width => groups.Select(size => new Quantization(width, size)))]);
    }

    /// <summary>Reads <c>include</c>.</summary>
    public static VocabularyParts ReadIncludes(MappingReader model, MethodManifest method, ValuesManifest values)
    {
        if (model.Optional("include") is not { } node)
        {
            return VocabularyParts.None;
        }

        if (method.IsPaper)
        {
            throw ManifestErrors.NotInPaperMethod(node.Location, "include");
        }

        if (!method.HasNats)
        {
            throw ManifestErrors.NeedsNats(node.Location, "include");
        }

        if (!values.Quantizations.Any(quantization => quantization.SuitsVocabulary))
        {
            throw ManifestErrors.NeedsCodes(node.Location);
        }

        (string Word, VocabularyParts Part)[] known = [("embeddings", VocabularyParts.Embeddings), ("head", VocabularyParts.Head)];
        VocabularyParts parts = VocabularyParts.None;
        foreach (Located<string> word in model.RequiredTexts("include"))
        {
            VocabularyParts part = known.FirstOrDefault(entry => entry.Word == word.Value).Part;
            parts |= part != VocabularyParts.None
                ? part
                : throw ManifestErrors.UnknownValue(word.Location, "include", word.Value, SpellingSuggestion.Find(word.Value, [.. known.Select(entry => entry.Word)]), known.Select(entry => entry.Word));
        }

        return parts;
    }

    // In the order of what is known, which is the default.
    private static ImmutableArray<int> Numbers(MappingReader model, string key, ImmutableArray<int> known)
    {
        if (model.Optional(key) is null)
        {
            return known;
        }

        HashSet<int> given = [];
        foreach (Located<string> text in model.RequiredTexts(key))
        {
            given.Add(int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && known.Contains(number)
                ? number
                : throw ManifestErrors.UnknownValue(text.Location, key, text.Value, null, known.Select(value => value.ToString(CultureInfo.InvariantCulture))));
        }

        return [.. known.Where(given.Contains)];
    }
}
