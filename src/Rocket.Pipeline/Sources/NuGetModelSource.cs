using System.Collections.Immutable;
using NuGet.Configuration;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Native;

namespace Rocket.Pipeline.Sources;

/// <summary>Fetches models that are packed in NuGet packages, through the user's own NuGet configuration.</summary>
/// <param name="settings">The configuration that counts for the manifest's folder.</param>
/// <param name="log">Told what is fetched.</param>
internal sealed class NuGetModelSource(ISettings settings, Action<string> log)
{
    /// <summary>Brings a package and finds the model in it.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT23xx.</exception>
    public async Task<FetchedModel> FetchAsync(ModelOrigin.NuGetSource origin, CancellationToken cancellationToken)
    {
        string global = SettingsUtility.GetGlobalPackagesFolder(settings);
        var package = new NuGetPackage(origin.Id, origin.Version, settings, global);
        if (package.FindFolder() is not { } root)
        {
            await package.FetchAsync(log, cancellationToken).ConfigureAwait(false);
            root = package.FindFolder() ?? throw PackageErrors.ExtractionFailed($"{origin.Id} {origin.Version}", global, new IOException("The package is not where NuGet put it."));
        }

        string folder = FindModel(origin, root);
        HashSet<string> files = [.. Directory.GetFiles(folder).Select(file => Path.GetFileName(file))];
        ImmutableArray<string> wanted = ModelFiles.Without(files);
        return new FetchedModel(folder, origin.Version, wanted.Contains(ModelFiles.Index) ? [.. wanted, .. files.Where(IsShard).Order(StringComparer.Ordinal)] : wanted);
    }

    private static bool IsShard(string file) => file.EndsWith(".safetensors", StringComparison.Ordinal);

    private static string FindModel(ModelOrigin.NuGetSource origin, string root)
    {
        string[] folders = [.. Directory.GetFiles(root, ModelFiles.Config, SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        string name = $"{origin.Id}@{origin.Version}";
        return origin.Folder is { } asked
            ? folders.Contains(asked) ? Path.Combine(root, asked) : throw SourceErrors.NoModel($"\"{name}\"", $"\"{asked}\" has no config.json; {(folders.Length == 0 ? "nor has any other folder" : $"these have one: {string.Join(", ", folders)}")}")
            : folders.Length == 1 ? Path.Combine(root, folders[0])
            : folders.Length == 0 ? throw SourceErrors.NoModel($"\"{name}\"", "none of its folders has a config.json")
            : throw SourceErrors.SeveralModels(name, folders);
    }
}
