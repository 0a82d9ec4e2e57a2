using System.Diagnostics;
using System.Text;

namespace Rocket.Tool.Tests.Execution;

/// <summary>Starts the built tool as a user does: a process with its own cache.</summary>
internal static class RocketTool
{
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "rocket.exe" : "rocket");

    /// <summary>Runs a command to its end.</summary>
    public static ToolResult Run(string workingFolder, string cache, params string[] arguments)
    {
        using Process process = Start(workingFolder, cache, arguments);
        return Finish(process);
    }

    /// <summary>Runs a command to its end with further environment variables.</summary>
    public static ToolResult Run(string workingFolder, string cache, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        using Process process = StartProcess(Executable, workingFolder, cache, arguments, environment);
        return Finish(process);
    }

    /// <summary>Runs a command that must succeed and gives its one JSON object.</summary>
    public static System.Text.Json.Nodes.JsonObject RunJson(string workingFolder, string cache, params string[] arguments)
    {
        ToolResult result = Run(workingFolder, cache, [.. arguments, "--json"]);
        Assert.True(result.ExitCode == 0, $"exit code {result.ExitCode}: {result.Error}");
        return result.Json;
    }

    /// <summary>Starts a command.</summary>
    public static Process Start(string workingFolder, string cache, params string[] arguments) => StartProcess(Executable, workingFolder, cache, arguments);

    /// <summary>Starts a shell script in which <c>$ROCKET</c> is the tool.</summary>
    public static Process StartShell(string script, string workingFolder, string cache)
        => StartProcess("/bin/sh", workingFolder, cache, ["-c", script]);

    /// <summary>Waits for the end of a process and takes what it printed.</summary>
    public static ToolResult Finish(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return new ToolResult(process.ExitCode, output.GetAwaiter().GetResult(), error);
    }

    private static Process StartProcess(string file, string workingFolder, string cache, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["ROCKET_CACHE"] = cache;
        start.Environment["ROCKET"] = Executable;
        start.Environment.Remove("ROCKET_THREADS");
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
