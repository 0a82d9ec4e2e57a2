using Rocket.Models.Diagnostics;

namespace Rocket.Tool.Diagnostics;

/// <summary>Errors of the command line, RKT1101 to RKT1149.</summary>
internal static class CommandLineErrors
{
    /// <summary>RKT1101: a command line that does not parse.</summary>
    public static RocketException Unparsable(string reason, string command) =>
        new("RKT1101", $"{reason} See `dotnet rocket {(command is "rocket" ? "" : command + " ")}--help`.");

    /// <summary>RKT1102: a value that an option does not take.</summary>
    public static RocketException BadValue(string option, string value, string expected) =>
        new("RKT1102", $"{option} is \"{value}\"; it must be {expected}.");

    /// <summary>RKT1103: an option that needs another one.</summary>
    public static RocketException Needs(string option, string needed) =>
        new("RKT1103", $"{option} has no effect alone. Add {needed}.");

    /// <summary>RKT1104: <c>init</c> finds a file.</summary>
    public static RocketException WouldOverwrite(string path) =>
        new("RKT1104", $"\"{path}\" is there already and is left as it is. Name another file: `dotnet rocket init other.yaml`.", new SourceLocation(path));

    /// <summary>RKT1105: <c>init</c> cannot write.</summary>
    public static RocketException CannotWrite(string path, Exception cause) =>
        new("RKT1105", $"\"{path}\" cannot be written: {cause.Message} Choose another place or check the permissions.", new SourceLocation(path), cause);

    /// <summary>RKT1106: a path that should be a folder.</summary>
    public static RocketException NoFolder(string path) =>
        new("RKT1106", $"There is no folder \"{path}\". Name the folder of a model: config.json and *.safetensors.", new SourceLocation(path));

    /// <summary>RKT1130: a password in an address, which others can see in the list of processes. The message does not repeat it.</summary>
    public static RocketException CredentialsInAddress(string option) =>
        new("RKT1130", $"The address of {option} holds a user or password. Remove them there and set ROCKET_REMOTE_TOKEN, or ROCKET_REMOTE_USER and ROCKET_REMOTE_PASSWORD, or write them into your netrc.");

    /// <summary>RKT1131: two options that exclude each other.</summary>
    public static RocketException NotTogether(string option, string other) =>
        new("RKT1131", $"{option} and {other} do not go together. Remove one of them.");

    /// <summary>RKT1110: no browser to open a page in.</summary>
    public static RocketException NoBrowser(string page, Exception cause) =>
        new("RKT1110", $"The page is written, but no browser could be started: {cause.Message} Open it by hand, or name a browser in the variable BROWSER.", new SourceLocation(page), cause);

    /// <summary>RKT1111: <c>evaluate</c> without anything to measure.</summary>
    public static RocketException NothingToMeasure() =>
        new("RKT1111", "There is nothing to measure. Name a text with --text or a task with --task.");
}
