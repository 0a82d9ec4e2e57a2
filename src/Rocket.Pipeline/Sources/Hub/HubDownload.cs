using System.Net;
using System.Security.Cryptography;
using System.Text;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Sources.Hub;

/// <summary>Brings one file of the hub into the cache: whole and checked, or not at all; what came of a broken transfer is kept and continued.</summary>
/// <param name="client">Speaks to the hub.</param>
/// <param name="retry">When a request is sent again.</param>
/// <param name="cache">Where it goes.</param>
/// <param name="log">Told how far it is.</param>
internal sealed class HubDownload(HubClient client, HubRetry retry, HubCache cache, Action<string> log)
{
    private const int BufferLength = 1 << 18;
    private const long ReportEvery = 32_000_000;
    private const int Sha256Digits = 64;
    private const int Sha1Digits = 40;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Brings the file where it is not there yet.</summary>
    public async Task EnsureAsync(HubFile file, CancellationToken cancellationToken)
    {
        string blob = cache.BlobOf(file.ETag);
        if (!IsThere(blob, file.Length))
        {
            using IDisposable owner = await LockAsync(cache.LockOf(file.ETag), cancellationToken).ConfigureAwait(false);
            if (!IsThere(blob, file.Length))
            {
                await FetchAsync(file, blob, cancellationToken).ConfigureAwait(false);
            }
        }

        cache.Link(file);
    }

    private static bool IsThere(string blob, long length) => new FileInfo(blob) is { Exists: true } file && file.Length == length;

    private static async Task<IDisposable> LockAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            if (FileLock.TryAcquire(path) is { } held)
            {
                return held;
            }

            await Task.Delay(LockPause, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task FetchAsync(HubFile file, string blob, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        string partial = blob + ".incomplete";
        log($"fetching {file.Path} ({file.Length / 1e6:0.#} MB)");
        await retry.RunAsync(file.Address, async token =>
        {
            await TransferAsync(file, partial, token).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);

        if (Mismatch(partial, file) is { } found)
        {
            File.Delete(partial);
            throw SourceErrors.WrongContent(file.Path, $"{file.ETag} with {file.Length} bytes", found);
        }

        File.Move(partial, blob, overwrite: true);
    }

    // One request: from where the last one ended, to the end. A server that sends all of it again is begun anew with.
    private async Task TransferAsync(HubFile file, string partial, CancellationToken cancellationToken)
    {
        long have = new FileInfo(partial) is { Exists: true } before && before.Length <= file.Length ? before.Length : 0;
        if (have == file.Length && File.Exists(partial))
        {
            return;
        }

        using HttpResponseMessage response = await client.OpenAsync(file, have, cancellationToken).ConfigureAwait(false);
        bool continues = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable || (response.StatusCode == HttpStatusCode.PartialContent && !continues))
        {
            File.Delete(partial);
            throw new HttpIOException(HttpRequestError.InvalidResponse, "The hub did not continue where the transfer had ended.");
        }

        var target = new FileStream(partial, continues ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read);
        await using (target.ConfigureAwait(false))
        {
            await CopyAsync(response, target, file, continues ? have : 0, cancellationToken).ConfigureAwait(false);
            await target.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CopyAsync(HttpResponseMessage response, FileStream target, HubFile file, long done, CancellationToken cancellationToken)
    {
        Stream source = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[BufferLength];
        long reported = done;
        await using (source.ConfigureAwait(false))
        {
            int read;
            while ((read = await ReadAsync(source, buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (done + read > file.Length)
                {
                    target.SetLength(0);
                    throw SourceErrors.WrongContent(file.Path, $"{file.Length} bytes", "more");
                }

                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                done += read;
                if (done >= reported + ReportEvery)
                {
                    log($"fetched {done / 1_000_000} of {file.Length / 1_000_000} MB of {file.Path}");
                    reported = done;
                }
            }
        }

        if (done < file.Length)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, $"The transfer of \"{file.Path}\" ended after {done} of {file.Length} bytes.");
        }
    }

    private static async Task<int> ReadAsync(Stream source, byte[] buffer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        idle.CancelAfter(LongestPause);
        try
        {
            return await source.ReadAsync(buffer, idle.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, $"Nothing came for {LongestPause.TotalSeconds:0} s.");
        }
    }

    // What the hub names by a digest is compared with it; a mirror may use other names.
    private static string? Mismatch(string path, HubFile file)
    {
        string? digest = file.ETag.Length switch
        {
            Sha256Digits => Digest.OfFile(path).ToString(),
            Sha1Digits => GitDigest(path),
            _ => null,
        };
        return digest is not null && !digest.Equals(file.ETag, StringComparison.OrdinalIgnoreCase) ? digest : null;
    }

    private static string GitDigest(string path)
    {
#pragma warning disable CA5350 // git names content by SHA-1
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        using FileStream stream = File.OpenRead(path);
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {stream.Length}\0"));
        byte[] buffer = new byte[BufferLength];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
