using System.Diagnostics;
using System.Globalization;
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
        return Run("build", path, "--output", Path.Combine(Work, name), "--cache", cache, "--json");
    }

    /// <summary>Mean nll of a model folder on windows of a text, nats a token, with Rocket's own runtime.</summary>
    /// <exception cref="InvalidOperationException">It failed; its message is on standard error.</exception>
    public double Evaluate(string folder, StudyText text, StudyModel model)
        => (double)Run(
            "evaluate",
            folder,
            "--text",
            text.Path,
            "--windows",
            model.Windows.ToString(CultureInfo.InvariantCulture),
            "--length",
            model.SequenceLength.ToString(CultureInfo.InvariantCulture),
            "--runtime",
            "inference",
            "--cache",
            cache,
            "--json")["nll"]!;

    private static JsonObject Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonNode.Parse(output)!.AsObject()
            : throw new InvalidOperationException($"rocket {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
