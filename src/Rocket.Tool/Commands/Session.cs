using System.Text.Json.Nodes;
using Rocket.Tool.Output;

namespace Rocket.Tool.Commands;

/// <summary>One run of a command: where it prints, what it logs to, how it is cancelled.</summary>
internal sealed record Session(Terminal Terminal, bool IsJson, Verbosity Verbosity, IProgressLog Log, CancellationToken CancellationToken)
{
    /// <summary>Writes the command's result: as JSON, or by a renderer.</summary>
    public void Write(Func<JsonObject> json, Action<Terminal> render)
    {
        if (IsJson)
        {
            JsonOutput.Write(Terminal, json());
        }
        else
        {
            render(Terminal);
        }
    }
}
