using System.Runtime.InteropServices;
using NuGet.Configuration;
using Rocket.Compression.Diagnostics;
using Rocket.Compression.Native;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Native;

/// <summary>Brings libtorch to this machine and into this process: it is 128 MB packed, so it is no part of the tool.</summary>
public static class LibTorchRuntime
{
    /// <summary>
    /// Loads libtorch from the folder that <see cref="LibTorch.FolderVariable"/> names, else from NuGet's packages folders, after fetching it from
    /// the user's package sources where it is missing.
    /// </summary>
    /// <param name="cacheFolder">The store's folder; a patched copy of TorchSharp's own library lies in <c>native</c> below it, on systems that need one.</param>
    /// <param name="log">Told the lines of a transfer.</param>
    /// <param name="cancellationToken">Cancels a transfer.</param>
    /// <exception cref="Models.Diagnostics.RocketException">RKT23xx it cannot be fetched, RKT3001 to RKT3004 it does not load here, RKT5xxx the cache cannot be written.</exception>
    public static void Ensure(string cacheFolder, Action<string> log, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(cacheFolder);
        ArgumentNullException.ThrowIfNull(log);
        string folder = OwnFolder ?? FetchedFolder(log, cancellationToken);
        string patchFolder = Path.Combine(cacheFolder, "native");
        try
        {
            LibTorch.Load(folder, patchFolder, log);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.From(exception, patchFolder);
        }
    }

    /// <summary>Looks for libtorch and fetches nothing.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT2304: NuGet's configuration cannot be read; RKT3004: there is none for this platform.</exception>
    public static LibTorchStatus Find()
    {
        ISettings settings = LoadSettings(Environment.CurrentDirectory);
        string id = LibTorch.PackageId ?? throw CompressionErrors.NoLibTorchForPlatform(RuntimeInformation.RuntimeIdentifier);
        string global = SettingsUtility.GetGlobalPackagesFolder(settings);
        var package = new NuGetPackage(id, LibTorch.Version, settings, global);
        return new LibTorchStatus(id, LibTorch.Version, OwnFolder ?? package.FindFolder(), global, package.SourceNames);
    }

    // A libtorch of the user's own: packages are of the one for the processor alone.
    private static string? OwnFolder => Environment.GetEnvironmentVariable(LibTorch.FolderVariable) is { Length: > 0 } folder ? folder : null;

    private static string FetchedFolder(Action<string> log, CancellationToken cancellationToken)
    {
        ISettings settings = LoadSettings(Environment.CurrentDirectory);
        return LibTorch.FolderIn(EnsurePackage(settings, SettingsUtility.GetGlobalPackagesFolder(settings), log, cancellationToken));
    }

    /// <summary>The packages folder that holds libtorch, after fetching it where it is missing.</summary>
    internal static string EnsurePackage(ISettings settings, string globalFolder, Action<string> log, CancellationToken cancellationToken)
    {
        string id = LibTorch.PackageId ?? throw CompressionErrors.NoLibTorchForPlatform(RuntimeInformation.RuntimeIdentifier);
        NuGetPackage package = new(id, LibTorch.Version, settings, globalFolder);

        // The one place that waits for asynchronous work: there is nothing to do meanwhile.
        return package.FindPackagesFolder() ?? package.FetchAsync(log, cancellationToken).GetAwaiter().GetResult();
    }

    /// <summary>The NuGet configuration that counts in a folder: the files there and above, the user's and the machine's.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT2304: a file is malformed.</exception>
    internal static ISettings LoadSettings(string folder)
    {
        try
        {
            return Settings.LoadDefaultSettings(folder);
        }
        catch (NuGetConfigurationException exception)
        {
            throw PackageErrors.ConfigurationUnreadable(exception);
        }
    }
}
