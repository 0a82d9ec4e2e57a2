namespace Rocket.Pipeline.Manifest;

/// <summary>Reads the <c>evaluate</c> key.</summary>
internal static class EvaluateReader
{
    private const string Rolling = "rolling";
    private const int MostItems = 1 << 30;

    /// <summary>Reads the key's value.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">The first thing that is wrong with it (RKT1xxx).</exception>
    public static EvaluateManifest Read(ManifestNode node)
    {
        MappingReader reader = new(node, "evaluate", "evaluate", "perplexity", "windows", "sequenceLength", "agreement", "tasks", "limit");
        bool hasTasks = reader.Optional("tasks") is not null;
        ManifestNode? windows = reader.Optional("windows");
        bool isRolling = windows is ScalarNode { Text: Rolling };
        Located<int> count = isRolling ? default : reader.OptionalInteger("windows", 24, 1, ManifestReader.MostWindows);
        return new EvaluateManifest
        {
            Location = reader.Location,

            // One of the two must be there; the error names the usual one.
            Perplexity = hasTasks && reader.Optional("perplexity") is null ? [] : reader.RequiredTexts("perplexity"),
            Windows = isRolling ? new(null, windows!.Location) : new(count.Value, count.Location),
            SequenceLength = reader.OptionalInteger("sequenceLength", 512, 2, ManifestReader.LongestWindow),
            Agreement = reader.OptionalBoolean("agreement", true),
            Tasks = hasTasks ? reader.RequiredTexts("tasks") : [],
            Limit = reader.Optional("limit") is null ? null : reader.OptionalInteger("limit", 0, 1, MostItems),
        };
    }
}
