using System.Text.Json.Nodes;
using Rocket.Models.Diagnostics;
using Rocket.Tool.Output;

namespace Rocket.Tool.Diagnostics;

/// <summary>What the tool says and returns when a command throws.</summary>
/// <param name="ExitCode">1 for a coded error, 130 when cancelled, 70 for a bug.</param>
/// <param name="Text">What goes to standard error.</param>
/// <param name="Error">The coded error, if it is one.</param>
internal sealed record ErrorReport(int ExitCode, string Text, RocketException? Error)
{
    public const int UserError = 1;
    public const int Bug = 70;
    public const int Cancelled = 130;

    /// <summary>The report of an exception.</summary>
    public static ErrorReport Of(Exception exception) => exception switch
    {
        RocketException coded => new(UserError, Printable.Line(coded.ToCanonicalString()), coded),
        OperationCanceledException => new(Cancelled, "Cancelled. What is done is kept; the same command goes on from there.", null),
        _ => new(Bug, $"rocket: this is a bug of Rocket's, please report it with what follows.{Environment.NewLine}{Printable.Lines(exception.ToString())}", null),
    };

    /// <summary>The report as the one object on standard output.</summary>
    public JsonObject ToJson() => new()
    {
        ["error"] = Error is null
            ? new JsonObject { ["message"] = Text }
            : ToJson(Error),
        ["exitCode"] = ExitCode,
    };

    /// <summary>The report as one of the objects of <c>--progress json</c>.</summary>
    public string ToLine()
    {
        JsonObject line = Error is null ? new JsonObject { ["message"] = Text } : ToJson(Error);
        line.Insert(0, "type", "error");
        line["exitCode"] = ExitCode;
        return line.ToJsonString();
    }

    /// <summary>A coded error as JSON.</summary>
    public static JsonObject ToJson(RocketException error) => new()
    {
        ["code"] = error.Code,
        ["message"] = error.Message,
        ["file"] = error.Location?.File,
        ["line"] = error.Location?.Line,
        ["column"] = error.Location?.Column,
    };
}
