using System.Collections.Immutable;
using NuGet.Common;
using NuGet.Configuration;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Packaging.Signing;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using NuGet.Versioning;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Native;

/// <summary>A NuGet package that lies in the user's packages folder or comes there from the user's sources, as a restore would put it.</summary>
/// <param name="id">The package's id.</param>
/// <param name="version">The exact version.</param>
/// <param name="settings">The user's NuGet configuration: fallback folders, sources, source mapping, signature policy.</param>
/// <param name="packagesFolder">The global packages folder.</param>
internal sealed class NuGetPackage(string id, string version, ISettings settings, string packagesFolder)
{
    private readonly PackageIdentity _identity = new(id, NuGetVersion.Parse(version));

    /// <summary>Names of the sources that may have it, in the order in which they are asked.</summary>
    public ImmutableArray<string> SourceNames => [.. Sources().Select(source => source.Name)];

    private string Name => $"{_identity.Id} {_identity.Version}";

    /// <summary>The packages folder that holds the whole package, the global one before the fallback ones; null where none does.</summary>
    public string? FindPackagesFolder() => new FallbackPackagePathResolver(packagesFolder, SettingsUtility.GetFallbackPackageFolders(settings))
        .GetPackageInfo(_identity.Id, _identity.Version)?.PathResolver.RootPath;

    /// <summary>The folder of the whole package; null where no packages folder holds it.</summary>
    public string? FindFolder() => new FallbackPackagePathResolver(packagesFolder, SettingsUtility.GetFallbackPackageFolders(settings))
        .GetPackageDirectory(_identity.Id, _identity.Version);

    /// <summary>Brings the package into the global packages folder: whole or, when it fails or is cancelled, not at all.</summary>
    /// <param name="log">Told when it begins, how far it is, and when it is there.</param>
    /// <param name="cancellationToken">Cancels the transfer.</param>
    /// <returns>The global packages folder.</returns>
    /// <exception cref="Models.Diagnostics.RocketException">RKT2301 no source has it, RKT2302 a source failed, RKT2303 it cannot be unpacked.</exception>
    public async Task<string> FetchAsync(Action<string> log, CancellationToken cancellationToken)
    {
        using SourceCacheContext cache = new() { DirectDownload = true };
        List<string> asked = [];
        (string Source, Exception Cause)? failure = null;
        foreach (PackageSource source in Sources())
        {
            asked.Add(source.Name);
            try
            {
                if (await OpenAsync(source, cache, cancellationToken).ConfigureAwait(false) is { } opened)
                {
                    using ReportingDownloader downloader = new(opened, source.Name, _identity, log);
                    await InstallAsync(downloader, cancellationToken).ConfigureAwait(false);
                    return packagesFolder;
                }
            }
            catch (Exception exception) when (exception is NuGetProtocolException or IOException or InvalidDataException or UnauthorizedAccessException)
            {
                // Another source may have it; the first failure is told if none has.
                failure ??= (source.Name, exception);
            }
        }

        throw failure is { } first
            ? PackageErrors.SourceUnreachable(Name, first.Source, first.Cause)
            : PackageErrors.InNoSource(Name, asked);
    }

    private IEnumerable<PackageSource> Sources()
    {
        IEnumerable<PackageSource> enabled = PackageSourceProvider.LoadPackageSources(settings).Where(source => source.IsEnabled);
        PackageSourceMapping mapping = PackageSourceMapping.GetPackageSourceMapping(settings);
        if (!mapping.IsEnabled)
        {
            return enabled;
        }

        IReadOnlyList<string> mapped = mapping.GetConfiguredPackageSources(_identity.Id);
        return enabled.Where(source => mapped.Contains(source.Name, StringComparer.OrdinalIgnoreCase));
    }

    private async Task<IPackageDownloader?> OpenAsync(PackageSource source, SourceCacheContext cache, CancellationToken cancellationToken)
    {
        if (source.IsLocal && source.TrySourceAsUri?.LocalPath is { } folder && !Directory.Exists(folder))
        {
            // NuGet takes a folder that is not there, such as a share that is not mounted, for an empty one.
            throw new DirectoryNotFoundException($"The folder '{folder}' does not exist.");
        }

        SourceRepository repository = Repository.Factory.GetCoreV3(source);
        FindPackageByIdResource resource = await repository.GetResourceAsync<FindPackageByIdResource>(cancellationToken).ConfigureAwait(false)
            ?? throw new FatalProtocolException($"'{source.Name}' is no package feed.");
        return await resource.DoesPackageExistAsync(_identity.Id, _identity.Version, cache, NullLogger.Instance, cancellationToken).ConfigureAwait(false)
            ? await resource.GetPackageDownloaderAsync(_identity, cache, NullLogger.Instance, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private async Task InstallAsync(ReportingDownloader downloader, CancellationToken cancellationToken)
    {
        PackageExtractionContext context = new(
            PackageSaveMode.Defaultv3,
            XmlDocFileSaveMode.Skip,
            ClientPolicyContext.GetClientPolicy(settings, NullLogger.Instance),
            NullLogger.Instance);
        try
        {
            await PackageExtractor.InstallFromSourceAsync(
                _identity, downloader, new VersionFolderPathResolver(packagesFolder), context, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or PackagingException or SignatureException)
        {
            throw PackageErrors.ExtractionFailed(Name, packagesFolder, exception);
        }
    }
}
