namespace Rocket.Pipeline.Sources.Hub;

/// <summary>
/// A repository in the cache that the hub's clients share: <c>blobs/ETAG</c> holds content, <c>snapshots/COMMIT/PATH</c> leads to it, <c>refs/REVISION</c> names
/// a commit. What Python has fetched is found here, and Python finds what is fetched here.
/// </summary>
/// <param name="cacheFolder">The cache.</param>
/// <param name="repository">The repository: <c>org/name</c>.</param>
internal sealed class HubCache(string cacheFolder, string repository)
{
    private readonly string _name = "models--" + repository.Replace("/", "--", StringComparison.Ordinal);

    private string Folder => Path.Combine(cacheFolder, _name);

    /// <summary>Folder of a commit's files.</summary>
    public string SnapshotOf(string commit) => Path.Combine(Folder, "snapshots", commit);

    /// <summary>The file of a commit, there or not.</summary>
    public string FileOf(string commit, string path) => Path.Combine([SnapshotOf(commit), .. path.Split('/')]);

    /// <summary>Content, there or not.</summary>
    public string BlobOf(string etag) => Path.Combine(Folder, "blobs", etag);

    /// <summary>The file that is locked while a blob is fetched.</summary>
    public string LockOf(string etag) => Path.Combine(cacheFolder, ".locks", _name, etag + ".lock");

    /// <summary>The commit that a revision was when it was last asked for; null where it never was.</summary>
    public string? TryReadRevision(string revision)
    {
        string path = RevisionFile(revision);
        return HubPath.IsCommit(revision) ? revision : File.Exists(path) && File.ReadAllText(path).Trim() is var commit && HubPath.IsCommit(commit) ? commit : null;
    }

    /// <summary>Remembers the commit of a revision.</summary>
    public void WriteRevision(string revision, string commit)
    {
        if (revision != commit)
        {
            string path = RevisionFile(revision);
            string fresh = $"{path}.{Guid.NewGuid():N}.tmp";
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(fresh, commit);
            File.Move(fresh, path, overwrite: true);
        }
    }

    /// <summary>Makes a snapshot's file of a blob: a link that leads to it as Python's does, or a copy where the file system has no links.</summary>
    public void Link(HubFile file)
    {
        string path = FileOf(file.Commit, file.Path);
        if (File.Exists(path))
        {
            return;
        }

        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        string fresh = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        try
        {
            File.CreateSymbolicLink(fresh, Path.GetRelativePath(folder, BlobOf(file.ETag)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // Windows grants links to few.
            File.Copy(BlobOf(file.ETag), fresh);
        }

        File.Move(fresh, path, overwrite: true);
    }

    private string RevisionFile(string revision) => Path.Combine([Folder, "refs", .. revision.Split('/')]);
}
