using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Diagnostics;

/// <summary>Errors of <c>rocket.yaml</c>, RKT1001 to RKT1099.</summary>
public static class ManifestErrors
{
    /// <summary>RKT1001: the manifest cannot be read.</summary>
    public static RocketException Unreadable(string path, Exception? cause = null) =>
        new("RKT1001", $"The manifest \"{path}\" cannot be read{(cause is null ? "" : $": {cause.Message.TrimEnd('.')}")}. Name an existing file or write one with `dotnet rocket init`.", new SourceLocation(path), cause);

    /// <summary>RKT1002: the file is not YAML.</summary>
    public static RocketException Syntax(SourceLocation location, string reason, Exception? cause = null) =>
        new("RKT1002", $"Not valid YAML: {reason.TrimEnd('.')}. Check indentation, brackets and quotes there.", location, cause);

    /// <summary>RKT1003: a key that the manifest does not have.</summary>
    public static RocketException UnknownKey(SourceLocation location, string key, string owner, string? suggestion, IEnumerable<string> known) =>
        new("RKT1003", $"Unknown key \"{key}\" in {owner}. {(suggestion is null ? $"It knows {string.Join(", ", known)}." : $"Did you mean \"{suggestion}\"?")}", location);

    /// <summary>RKT1004: a budget removes more than the most compressing option.</summary>
    public static RocketException BudgetBeyondGrid(SourceLocation location, string budget, decimal remove, decimal gridEnd) =>
        new("RKT1004", $"Budget \"{budget}\" removes {Percent(remove)}, but the grid ends at {Percent(gridEnd)}. Raise grid.ratios.to or grid.shares.to, or remove less.", location);

    /// <summary>RKT1005: a value of another type.</summary>
    public static RocketException WrongType(SourceLocation location, string key, string expected, string found) =>
        new("RKT1005", $"\"{key}\" must be {expected}, but it is {found}. Write {expected} there.", location);

    /// <summary>RKT1006: a key that must be there is not.</summary>
    public static RocketException MissingKey(SourceLocation location, string key, string owner) =>
        new("RKT1006", $"\"{key}\" is missing in {owner}. Add it.", location);

    /// <summary>RKT1007: a key stands twice.</summary>
    public static RocketException DuplicateKey(SourceLocation location, string key, int firstLine) =>
        new("RKT1007", $"The key \"{key}\" stands twice; the first is on line {firstLine}. Remove one of them.", location);

    /// <summary>RKT1008: two models, or two budgets of a model, with one name.</summary>
    public static RocketException DuplicateName(SourceLocation location, string kind, string name, int firstLine) =>
        new("RKT1008", $"Two {kind}s are named \"{name}\" (case does not count, they become folders); the first is on line {firstLine}. Rename one of them.", location);

    /// <summary>RKT1009: not a percentage, or one that cannot be removed.</summary>
    public static RocketException BadPercentage(SourceLocation location, string key, string value) =>
        new("RKT1009", $"\"{key}\" must be a percentage from 0% to below 100%, such as 30%, but it is \"{value}\".", location);

    /// <summary>RKT1010: a number outside its range.</summary>
    public static RocketException OutOfRange(SourceLocation location, string key, string value, string range) =>
        new("RKT1010", $"\"{key}\" is {value}; it must be {range}.", location);

    /// <summary>RKT1011: a manifest of another version.</summary>
    public static RocketException UnsupportedVersion(SourceLocation location, string version) =>
        new("RKT1011", $"Manifest version {version} is not known to this Rocket. Write `version: 1` or update the tool.", location);

    /// <summary>RKT1012: a name that cannot be a folder everywhere.</summary>
    public static RocketException UnsafeName(SourceLocation location, string kind, string name) =>
        new("RKT1012", $"The {kind} name \"{name}\" cannot be a folder name on every system. Use up to 64 of a-z, A-Z, 0-9, \"-\", \"_\" and \".\", beginning with a letter or digit, no reserved name, and no ending in \".\", \".json\" or \".html\".", location);

    /// <summary>RKT1013: nothing where something is needed.</summary>
    public static RocketException Empty(SourceLocation location, string what) =>
        new("RKT1013", $"{what} is empty. Fill it in; `dotnet rocket init` writes an example.", location);

    /// <summary>RKT1014: a file no person wrote.</summary>
    public static RocketException TooLarge(SourceLocation location, string what) =>
        new("RKT1014", $"The manifest is {what}. A manifest is a short file: is this the right one?", location);

    /// <summary>RKT1015: a second YAML document.</summary>
    public static RocketException SeveralDocuments(SourceLocation location) =>
        new("RKT1015", "A second YAML document begins here. Put all models into one `models:` list and remove the `---`.", location);

    /// <summary>RKT1016: a YAML tag, mostly an exclusion pattern without quotes.</summary>
    public static RocketException Tag(SourceLocation location, string tag) =>
        new("RKT1016", $"\"{tag}\" is a YAML tag here. If it is a pattern, put it in quotes: \"{tag}\".", location);

    /// <summary>RKT1017: bytes that are not UTF-8.</summary>
    public static RocketException NotUtf8(string path, int line, Exception cause) =>
        new("RKT1017", $"The manifest \"{path}\" is not valid UTF-8. Save it as UTF-8.", new SourceLocation(path, line, 1), cause);

    /// <summary>RKT1018: not a quantity with its unit.</summary>
    public static RocketException BadQuantity(SourceLocation location, string key, string expected, string found) =>
        new("RKT1018", $"\"{key}\" must be {expected}, but it is {found}.", location);

    /// <summary>RKT1019: a budget with two limits.</summary>
    public static RocketException SeveralLimits(SourceLocation location, string budget, string first, string second) =>
        new("RKT1019", $"Budget \"{budget}\" has both \"{first}\" and \"{second}\"; it needs exactly one. Remove one of them, or make two budgets.", location);

    /// <summary>RKT1030: a word that the key does not know.</summary>
    public static RocketException UnknownValue(SourceLocation location, string key, string value, string? suggestion, IEnumerable<string> known) =>
        new("RKT1030", $"\"{key}\" is \"{value}\". {(suggestion is null ? $"It may be {string.Join(", ", known)}." : $"Did you mean \"{suggestion}\"?")}", location);

    /// <summary>RKT1031: a key that the chosen method has no use for.</summary>
    public static RocketException NotInPaperMethod(SourceLocation location, string key) =>
        new("RKT1031", $"`method: paper` has dictionaries and relative errors only: \"{key}\" cannot be chosen with it. Remove \"{key}\" or use `method: rocket`.", location);

    /// <summary>RKT1040: a budget that counts parameters, or aims at the fewest, where values are integers only.</summary>
    public static RocketException NeedsFloats(SourceLocation location, string budget, string key) =>
        new("RKT1040", $"Budget \"{budget}\" counts parameters (\"{key}\"), of which integer codes remove none. Add 16 to \"valueBits\", or limit \"bytes\" or \"bitsPerWeight\".", location);

    /// <summary>RKT1041: embeddings or head are included, and there are no codes for them.</summary>
    public static RocketException NeedsCodes(SourceLocation location) =>
        new("RKT1041", "\"include\" lets embeddings and head be stored in 8 or 4 bits, and \"valueBits\" has neither. Add 8 or 4 to \"valueBits\", or remove \"include\".", location);

    /// <summary>RKT1032: a limit in nats where costs are none.</summary>
    public static RocketException NeedsNats(SourceLocation location, string key) =>
        new("RKT1032", $"\"{key}\" is a limit in nats, and this model's costs are relative errors. Use `method: rocket` with `sensitivity: output`, or another limit.", location);

    /// <summary>RKT1033: a source of text whose weight is too small for a window.</summary>
    public static RocketException NoWindowOfSource(SourceLocation location, decimal weight, int samples) =>
        new("RKT1033", $"Weight {weight} gives this source none of the {samples} windows. Raise its \"weight\" or \"samples\", or remove the source.", location);

    private static string Percent(decimal fraction) => $"{fraction * 100:0.####} %";
}
