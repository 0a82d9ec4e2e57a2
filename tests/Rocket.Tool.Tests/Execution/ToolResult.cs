using System.Text.Json.Nodes;

namespace Rocket.Tool.Tests.Execution;

/// <summary>What a run of the tool returned and printed.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as the one object that it must be.</summary>
    public JsonObject Json => JsonNode.Parse(Output)!.AsObject();
}
