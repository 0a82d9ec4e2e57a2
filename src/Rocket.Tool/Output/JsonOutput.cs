using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Rocket.Tool.Output;

/// <summary>The one object of <c>--json</c>.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.Default,
    };

    /// <summary>A record as a node, names in camel case.</summary>
    public static JsonNode Node<T>(T value) => JsonSerializer.SerializeToNode(value, Options)!;

    /// <summary>Prints an object of several on one line, for a command that prints as it goes.</summary>
    public static void WriteLine(Terminal terminal, JsonObject line) => terminal.OutWriter.WriteLine(line.ToJsonString());

    /// <summary>Prints the object.</summary>
    public static void Write(Terminal terminal, JsonObject result) => terminal.OutWriter.WriteLine(result.ToJsonString(Options));
}
