using Rocket.Pipeline.Dependencies;

namespace Rocket.MSBuild.Tool;

/// <summary>How the tool is started.</summary>
/// <param name="Program">The program: the dotnet host, or the tool's own executable.</param>
/// <param name="Arguments">What stands before the tool's own arguments.</param>
/// <param name="Identity">Changes when the tool does.</param>
internal sealed record ToolLocation(string Program, IReadOnlyList<string> Arguments, string Identity)
{
    private const string HostVariable = "DOTNET_HOST_PATH";

    /// <summary>The tool that counts: <c>RocketToolPath</c>, else that of a tool manifest, else the package's own. Null where RocketToolPath leads nowhere.</summary>
    /// <param name="toolPath">The property RocketToolPath: <c>rocket.dll</c> or an executable, relative to the project.</param>
    /// <param name="projectDirectory">The project's folder.</param>
    /// <param name="packagedTool">The package's <c>rocket.dll</c>.</param>
    public static ToolLocation? Find(string? toolPath, string projectDirectory, string packagedTool)
    {
        if (!string.IsNullOrEmpty(toolPath))
        {
            string path = Path.GetFullPath(Path.Combine(projectDirectory, toolPath));
            return FileStamp.Of(path) is { } stamp ? OfFile(path, $"{path} {stamp.Size} {stamp.Ticks}") : null;
        }

        return ToolManifest.FindVersion(projectDirectory) is { } version
            ? new ToolLocation(Host(), ["tool", "run", ToolManifest.CommandName, "--"], $"manifest {version}")
            : OfFile(packagedTool, packagedTool);
    }

    private static ToolLocation OfFile(string path, string identity)
        => Path.GetExtension(path).Equals(".dll", StringComparison.OrdinalIgnoreCase)
            ? new ToolLocation(Host(), [path], identity)
            : new ToolLocation(path, [], identity);

    private static string Host()
        => Environment.GetEnvironmentVariable(HostVariable) is { Length: > 0 } host ? host
            : OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
}
