using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Rocket.Pipeline.Artifacts;

/// <summary>JSON as it stands in artifacts: indented, readable, ending in a newline, the same bytes on every system.</summary>
public static class ArtifactJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions RecordOptions = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The UTF-8 bytes of a node.</summary>
    public static byte[] Serialize(JsonNode node) => Encoding.UTF8.GetBytes(Text(node) + "\n");

    /// <summary>The text of a node.</summary>
    public static string Text(JsonNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.ToJsonString(Options);
    }

    /// <summary>A record as a node: names in camel case; what is infinite or no number as a text that says so.</summary>
    public static JsonNode Node<T>(T value)
        where T : class
        => JsonSerializer.SerializeToNode(value, RecordOptions)!;
}
