using System.Text.Json;

namespace Rocket.MSBuild.Tool;

/// <summary>The local tool manifest that applies to a folder, where it lists Rocket's tool.</summary>
internal static class ToolManifest
{
    /// <summary>The tool's command.</summary>
    public const string CommandName = "dotnet-rocket";

    private const string PackageId = "rocket.tool";
    private static readonly string[] Names = [Path.Combine(".config", "dotnet-tools.json"), "dotnet-tools.json"];

    /// <summary>The version of the tool in the nearest manifest that lists it; null where none does.</summary>
    public static string? FindVersion(string folder)
    {
        for (DirectoryInfo? current = new(folder); current is not null; current = current.Parent)
        {
            foreach (string name in Names)
            {
                string path = Path.Combine(current.FullName, name);
                if (File.Exists(path) && ReadVersion(path, out bool isRoot) is var version && (version is not null || isRoot))
                {
                    return version;
                }
            }
        }

        return null;
    }

    private static string? ReadVersion(string path, out bool isRoot)
    {
        isRoot = false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            isRoot = document.RootElement.TryGetProperty("isRoot", out JsonElement root) && root.ValueKind == JsonValueKind.True;
            if (document.RootElement.TryGetProperty("tools", out JsonElement tools))
            {
                foreach (JsonProperty tool in tools.EnumerateObject())
                {
                    if (tool.Name.Equals(PackageId, StringComparison.OrdinalIgnoreCase))
                    {
                        return tool.Value.GetProperty("version").GetString();
                    }
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Not ours to judge: `dotnet tool restore` tells what is wrong with it.
            return null;
        }
    }
}
