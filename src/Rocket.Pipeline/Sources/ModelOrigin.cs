using System.Text.RegularExpressions;
using NuGet.Versioning;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Sources;

/// <summary>Where a manifest says that a model comes from.</summary>
public abstract partial record ModelOrigin
{
    private const string HubPrefix = "hf:";
    private const string PackagePrefix = "nuget:";

    private ModelOrigin()
    {
    }

    /// <summary>Whether it is fetched, and pinned in the lock file.</summary>
    public bool IsRemote => this is not LocalFolder;

    /// <summary>Reads a manifest's <c>source</c>.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT2351: it begins like a hub or package source and is none.</exception>
    public static ModelOrigin Parse(Located<string> source)
    {
        string text = source.Value;
        if (text.StartsWith(HubPrefix, StringComparison.OrdinalIgnoreCase))
        {
            Match hub = HubSource().Match(text[HubPrefix.Length..]);
            string revision = hub.Groups["revision"] is { Success: true } given ? given.Value : "main";
            return hub.Success && !hub.Groups["repository"].Value.Contains("..", StringComparison.Ordinal) && !revision.Contains("..", StringComparison.Ordinal)
                ? new HubRepository(hub.Groups["repository"].Value, revision)
                : throw SourceErrors.BadSource(source, "hf:org/name@revision");
        }

        if (text.StartsWith(PackagePrefix, StringComparison.OrdinalIgnoreCase))
        {
            Match package = PackageSource().Match(text[PackagePrefix.Length..]);
            return package.Success && NuGetVersion.TryParse(package.Groups["version"].Value, out NuGetVersion? version)
                ? new NuGetSource(package.Groups["id"].Value, version.ToNormalizedString(), package.Groups["folder"] is { Success: true } folder ? folder.Value.Trim('/') : null)
                : throw SourceErrors.BadSource(source, "nuget:Id@1.2.3, with #folder/in/it where the package holds several models");
        }

        return new LocalFolder(text);
    }

    [GeneratedRegex(@"\A(?<repository>[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?)(@(?<revision>[A-Za-z0-9][A-Za-z0-9._/-]*))?\z")]
    private static partial Regex HubSource();

    [GeneratedRegex(@"\A(?<id>[A-Za-z0-9_][A-Za-z0-9._-]*)@(?<version>[0-9][A-Za-z0-9.+-]*)(#(?<folder>[A-Za-z0-9._/-]+))?\z")]
    private static partial Regex PackageSource();

    /// <summary>A folder, relative to the manifest.</summary>
    public sealed record LocalFolder(string Path) : ModelOrigin;

    /// <summary>A repository of the Hugging Face hub at a branch, tag or commit.</summary>
    public sealed record HubRepository(string Name, string Revision) : ModelOrigin;

    /// <summary>A folder of a NuGet package; null: the only one that holds a model.</summary>
    public sealed record NuGetSource(string Id, string Version, string? Folder) : ModelOrigin;
}
