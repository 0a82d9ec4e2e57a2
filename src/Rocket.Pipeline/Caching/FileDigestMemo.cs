using System.Text.Json;
using Rocket.Pipeline.Dependencies;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Caching;

/// <summary>Remembers the digests of source files by path, size and time, so that a checkpoint is not hashed again in each run.</summary>
/// <remarks>
/// One small file a path in the store's <c>memo/</c>, written whole; several processes may share it. Neither path nor time
/// enters a key: only the digest does. A file that was changed within the last seconds is not remembered, for it may
/// change again without a new time.
/// </remarks>
public sealed class FileDigestMemo
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    private readonly Store _store;

    /// <summary>The memo that lies in a store.</summary>
    public FileDigestMemo(Store store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
    }

    /// <summary>The digest of a file's bytes, remembered or taken anew.</summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">The file cannot be read (RKT5008).</exception>
    public Digest DigestOf(string path)
    {
        string full = Path.GetFullPath(path);
        string memo = Path.Combine(_store.Folder, "memo", Digest.Of(System.Text.Encoding.UTF8.GetBytes(full)).ToString());
        Digest digest;
        FileInfo file = FileStamp.Follow(full);
        DateTime now = DateTime.UtcNow;
        (long Size, long Ticks) state;
        try
        {
            state = (file.Length, file.LastWriteTimeUtc.Ticks);
            if (Recall(memo, state) is { } known)
            {
                return known;
            }

            digest = Digest.OfFile(full);
            file.Refresh();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.SourceUnreadable(path, exception);
        }

        bool isSettled = file.LastWriteTimeUtc < now - Settled && state == (file.Length, file.LastWriteTimeUtc.Ticks);
        if (isSettled)
        {
            string text = digest.ToString();
            _store.WriteWhole(memo, JsonSerializer.SerializeToUtf8Bytes(new Entry(state.Size, state.Ticks, text, Check(state, text))));
        }

        return digest;
    }

    private static Digest? Recall(string memo, (long Size, long Ticks) state)
    {
        if (!File.Exists(memo))
        {
            return null;
        }

        try
        {
            Entry? entry = JsonSerializer.Deserialize<Entry>(File.ReadAllBytes(memo));
            return entry is { Digest: { } text } && (entry.Size, entry.Ticks) == state && entry.Check == Check(state, text)
                && Digest.TryParse(text, out Digest digest) ? digest : null;
        }
        catch (JsonException)
        {
            // A damaged memo is written anew by the caller.
            return null;
        }
    }

    private static string Check((long Size, long Ticks) state, string digest) =>
        new KeyBuilder("memo", 1).Add("size", state.Size).Add("ticks", state.Ticks).Add("digest", digest).Build().ToString();

    private sealed record Entry(long Size, long Ticks, string? Digest, string? Check);
}
