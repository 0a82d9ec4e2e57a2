using System.Diagnostics;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Packaging.Signing;

namespace Rocket.Pipeline.Native;

/// <summary>A downloader of NuGet's that tells how far the transfer is; NuGet itself tells nothing.</summary>
/// <param name="inner">The downloader that does the work; disposed of with this one.</param>
/// <param name="source">Name of the package source.</param>
/// <param name="package">The package.</param>
/// <param name="log">Told a line at the start, one for every 32 MB, and one at the end.</param>
internal sealed class ReportingDownloader(IPackageDownloader inner, string source, PackageIdentity package, Action<string> log) : IPackageDownloader
{
    private const long ReportEvery = 32_000_000;
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(250);

    public IAsyncPackageCoreReader CoreReader => inner.CoreReader;

    public IAsyncPackageContentReader ContentReader => inner.ContentReader;

    public ISignedPackageReader SignedPackageReader => inner.SignedPackageReader;

    public string Source => inner.Source;

    public async Task<bool> CopyNupkgFileToAsync(string destinationFilePath, CancellationToken cancellationToken)
    {
        log($"fetching {package.Id} {package.Version} from '{source}', once a machine");
        long start = Stopwatch.GetTimestamp();
        Task<bool> copy = inner.CopyNupkgFileToAsync(destinationFilePath, cancellationToken);
        long reported = 0;
        while (await Task.WhenAny(copy, Task.Delay(PollEvery, CancellationToken.None)).ConfigureAwait(false) != copy)
        {
            long length = Length(destinationFilePath);
            if (length >= reported + ReportEvery)
            {
                log($"fetched {Megabytes(length)} of {package.Id}");
                reported = length;
            }
        }

        bool isCopied = await copy.ConfigureAwait(false);
        if (isCopied)
        {
            log($"fetched {package.Id} {package.Version} ({Megabytes(Length(destinationFilePath))}) in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s, unpacking");
        }

        return isCopied;
    }

    public Task<string> GetPackageHashAsync(string hashAlgorithm, CancellationToken cancellationToken) => inner.GetPackageHashAsync(hashAlgorithm, cancellationToken);

    public void SetExceptionHandler(Func<Exception, Task<bool>> handleExceptionAsync) => inner.SetExceptionHandler(handleExceptionAsync);

    public void SetThrottle(SemaphoreSlim? throttle) => inner.SetThrottle(throttle);

    public void Dispose() => inner.Dispose();

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static string Megabytes(long bytes) => bytes < 1_000_000 ? "less than 1 MB" : $"{bytes / 1_000_000} MB";
}
