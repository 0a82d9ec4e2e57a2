using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Rocket.Quality;

/// <summary>The tool, run as a user runs it.</summary>
/// <param name="work">Folder of manifests and artifacts.</param>
/// <param name="cache">The tool's cache.</param>
internal sealed class RocketProcess(string work, string cache)
{
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "rocket.exe" : "rocket");

    /// <summary>Folder of manifests and artifacts.</summary>
    public string Work { get; } = work;

    /// <summary>Builds a manifest; progress goes to standard error.</summary>
    /// <returns>What <c>build --json</c> prints.</returns>
    /// <exception cref="InvalidOperationException">The build failed; its message is on standard error.</exception>
    public JsonObject Build(string name, string manifest)
    {
        Directory.CreateDirectory(Work);
        string path = Path.Combine(Work, $"{name}.yaml");
        File.WriteAllText(path, manifest);
        var start = new ProcessStartInfo(Executable, ["build", path, "--output", Path.Combine(Work, name), "--cache", cache, "--json"]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonNode.Parse(output)!.AsObject()
            : throw new InvalidOperationException($"rocket build {path} ended with {process.ExitCode}.");
    }
}
