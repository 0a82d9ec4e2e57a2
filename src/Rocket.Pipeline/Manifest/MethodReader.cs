using System.Collections.Immutable;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>Reads <c>method</c>, <c>sensitivity</c>, <c>forms</c>, <c>refinement</c> and <c>correction</c> of a model.</summary>
internal static class MethodReader
{
    private const string Paper = "paper";
    private const string Output = "output";
    private const string Cost = "cost";
    private const string Rows = "rows";
    private const string None = "none";
    private const string Sparse = "sparse";
    private const string Dictionary = "dictionary";
    private const string Sequential = "sequential";

    public static MethodManifest Read(MappingReader model)
    {
        string method = Word(model, "method", ["rocket", Paper]);
        if (method == Paper)
        {
            foreach (string key in (ReadOnlySpan<string>)["sensitivity", "forms", "refinement", "correction"])
            {
                if (model.Optional(key) is { } node)
                {
                    throw ManifestErrors.NotInPaperMethod(node.Location, key);
                }
            }

            return MethodManifest.Paper;
        }

        ImmutableArray<string> forms = model.Optional("forms") is null
            ? [Sparse]
            : [.. model.RequiredTexts("forms").Select(form => Known(form, "forms", ["dense", Sparse, Dictionary]))];
        string sensitivity = Word(model, "sensitivity", [Output, Cost, Rows, None]);
        return new MethodManifest(false, sensitivity != None, forms.Contains(Sparse), forms.Contains(Dictionary), Word(model, "correction", [None, Sequential]) == Sequential)
        {
            Steps = new(WeighsRows: sensitivity != Cost, WeighsLinears: sensitivity != Rows, Refines: Word(model, "refinement", ["full", None]) != None),
        };
    }

    // The first word is the default.
    internal static string Word(MappingReader reader, string key, ImmutableArray<string> known)
        => reader.Optional(key) is null ? known[0] : Known(reader.RequiredText(key), key, known);

    private static string Known(Located<string> word, string key, ImmutableArray<string> known) => known.Contains(word.Value)
        ? word.Value
        : throw ManifestErrors.UnknownValue(word.Location, key, word.Value, SpellingSuggestion.Find(word.Value, known.AsSpan()), known);
}
