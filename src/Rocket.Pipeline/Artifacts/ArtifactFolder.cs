using System.Collections.Immutable;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Stages;

namespace Rocket.Pipeline.Artifacts;

/// <summary>Lays the files of an artifact under their folder, whole or not at all.</summary>
public static class ArtifactFolder
{
    private const string Aside = ".old";

    /// <summary>Copies the files from the store beside the folder, then puts them in its place; does nothing where the folder holds just these.</summary>
    /// <param name="context">The run.</param>
    /// <param name="files">The artifact's files.</param>
    /// <param name="folder">Where it goes.</param>
    /// <returns>False where it was there already.</returns>
    /// <exception cref="RocketException">RKT6001: the folder cannot be written; what was there stays.</exception>
    public static bool Lay(BuildContext context, ImmutableArray<OutputFile> files, string folder)
    {
        ArgumentNullException.ThrowIfNull(context);

        // Two builds into one folder: the second waits, and finds it laid.
        Digest key = new KeyBuilder("artifact-folder", 1).Add("path", Path.GetFullPath(folder)).Build();
        using IDisposable owner = context.Store.Lock(key, waiting => context.Report(waiting), context.CancellationToken);
        string parent = Path.GetDirectoryName(Path.GetFullPath(folder))!;
        string name = Path.GetFileName(Path.GetFullPath(folder));
        string fresh = Path.Combine(parent, $".{name}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(parent);
            if (File.Exists(folder))
            {
                throw OutputErrors.FileInTheWay(folder);
            }

            BringBack(parent, name);
            if (IsLaid(context, files, folder))
            {
                return false;
            }

            RemoveLeftovers(parent, name);

            Copy(context, files, fresh);
            Replace(fresh, folder);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OutputErrors.CannotWrite(folder, exception);
        }
        finally
        {
            if (Directory.Exists(fresh))
            {
                Directory.Delete(fresh, recursive: true);
            }
        }
    }

    /// <summary>Finds out, before hours of work, whether the folder can be written, and brings back an artifact that a killed build left aside.</summary>
    /// <param name="folder">Where an artifact will go.</param>
    /// <exception cref="RocketException">RKT6001: its parent cannot be made or written; RKT6002: a file is in the way.</exception>
    public static void Prepare(string folder)
    {
        string parent = Path.GetDirectoryName(Path.GetFullPath(folder))!;
        try
        {
            Directory.CreateDirectory(parent);
            if (File.Exists(folder))
            {
                throw OutputErrors.FileInTheWay(folder);
            }

            BringBack(parent, Path.GetFileName(Path.GetFullPath(folder)));
            string probe = Path.Combine(parent, $".{Guid.NewGuid():N}.tmp");
            using FileStream file = new(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OutputErrors.CannotWrite(folder, exception);
        }
    }

    private static bool IsLaid(BuildContext context, ImmutableArray<OutputFile> files, string folder)
        => Directory.Exists(folder)
            && Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length == files.Length
            && files.All(file => Path.Combine(folder, file.Path) is var path
                && File.Exists(path)
                && new FileInfo(path).Length == file.Size
                && context.Memo.DigestOf(path) == file.Digest);

    private static void Copy(BuildContext context, ImmutableArray<OutputFile> files, string folder)
    {
        foreach (OutputFile file in files)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            string target = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            string blob = context.Store.TryGetBlob(file.Digest, file.Size) ?? throw OutputErrors.BlobVanished(file.Path);
            using FileStream input = File.OpenRead(blob);
            using FileStream output = File.Create(target);
            input.CopyTo(output);
            output.Flush(flushToDisk: true);
        }
    }

    // Where names cannot be exchanged, the old folder steps aside first; a build that dies just then is mended by the next.
    private static void Replace(string fresh, string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.Move(fresh, folder);
            return;
        }

        if (FolderExchange.TryExchange(fresh, folder))
        {
            Directory.Delete(fresh, recursive: true);
            return;
        }

        string aside = fresh + Aside;
        Directory.Move(folder, aside);
        try
        {
            Directory.Move(fresh, folder);
        }
        catch
        {
            Directory.Move(aside, folder);
            throw;
        }

        Directory.Delete(aside, recursive: true);
    }

    // A build died between its two renames: the artifact that it was about to replace stands aside, and nothing in its place.
    private static void BringBack(string parent, string name)
    {
        string folder = Path.Combine(parent, name);
        if (Directory.Exists(folder))
        {
            return;
        }

        string? youngest = Directory.GetDirectories(parent, $".{name}.*.tmp{Aside}").MaxBy(Directory.GetLastWriteTimeUtc);
        if (youngest is not null)
        {
            Directory.Move(youngest, folder);
        }
    }

    // What a killed build left behind. A younger one may belong to a build that is at work now.
    private static void RemoveLeftovers(string parent, string name)
    {
        foreach (string leftover in Directory.GetDirectories(parent, $".{name}.*.tmp*"))
        {
            if (Directory.GetLastWriteTimeUtc(leftover) < DateTime.UtcNow.AddHours(-1))
            {
                Directory.Delete(leftover, recursive: true);
            }
        }
    }
}
