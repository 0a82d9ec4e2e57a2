using System.Diagnostics;

namespace Rocket.MSBuild.Tests.Execution;

/// <summary>Runs the SDK as a user does.</summary>
internal static class DotNet
{
    private static readonly string Host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    /// <summary>Runs a command to its end.</summary>
    public static DotNetResult Run(string folder, string cache, params string[] arguments) => Run(folder, cache, environment: null, arguments);

    /// <summary>Runs a command to its end, with further environment variables.</summary>
    public static DotNetResult Run(string folder, string cache, IReadOnlyDictionary<string, string>? environment, string[] arguments)
    {
        using Process process = Start(folder, cache, Host, arguments, environment);
        return Finish(process);
    }

    /// <summary>Starts a command as the leader of a process group of its own, so that all of it can be signalled.</summary>
    public static Process StartGroup(string folder, string cache, params string[] arguments)
        => Start(folder, cache, "env", ["--default-signal=INT", "setsid", Host, .. arguments]); // a test run in the background of a script inherits an ignored SIGINT

    /// <summary>Waits for the end of a process and takes what it printed.</summary>
    public static DotNetResult Finish(Process process)
    {
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new DotNetResult(process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    private static Process Start(string folder, string cache, string program, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ROCKET_CACHE"] = cache;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        // What the test's own host set must not reach the SDK that it starts.
        start.Environment.Remove("MSBuildSDKsPath");
        start.Environment.Remove("MSBUILD_EXE_PATH");
        return Process.Start(start)!;
    }
}
