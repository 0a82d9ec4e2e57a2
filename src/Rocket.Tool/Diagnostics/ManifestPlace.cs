using System.Collections.Immutable;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Manifest;

namespace Rocket.Tool.Diagnostics;

/// <summary>Tells an error of a file that a manifest names at the manifest's line: that is what a user edits and what an editor jumps to.</summary>
internal static class ManifestPlace
{
    private const string SourceCodes = "RKT2";
    private const string PackageCodes = "RKT23";
    private const string TextCodes = "RKT31";
    private const string TaskCodes = "RKT312";

    /// <summary>Does work on a model; an error of its checkpoint is told at its <c>source</c>, one of its text at the patterns that name it.</summary>
    public static T Run<T>(RocketManifest manifest, ModelManifest model, ImmutableArray<Located<string>>? text, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (RocketException error) when (error.Location?.File != manifest.Path && Find(error.Code, model, text) is { } place)
        {
            throw error.LedToBy(place);
        }
    }

    private static SourceLocation? Find(string code, ModelManifest model, ImmutableArray<Located<string>>? text)
        => code.StartsWith(TaskCodes, StringComparison.Ordinal) && model.Evaluate is { Tasks: [var first, ..] } ? first.Location
            : code.StartsWith(TextCodes, StringComparison.Ordinal) ? (text is { Length: > 0 } patterns ? patterns[0].Location : null)
            : code.StartsWith(SourceCodes, StringComparison.Ordinal) && !code.StartsWith(PackageCodes, StringComparison.Ordinal) ? model.Source.Location
            : null;
}
