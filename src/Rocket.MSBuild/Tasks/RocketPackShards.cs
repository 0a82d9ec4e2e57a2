using System.IO.Compression;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using Rocket.MSBuild.Diagnostics;
using Rocket.MSBuild.Packing;

namespace Rocket.MSBuild.Tasks;

/// <summary>Makes a package depend on its shards; a project cannot say so itself, because they are not there when it is restored.</summary>
public sealed class RocketPackShards : Microsoft.Build.Utilities.Task
{
    /// <summary>The package's file.</summary>
    [Required]
    public string Package { get; set; } = "";

    /// <summary>Its id.</summary>
    [Required]
    public string PackageId { get; set; } = "";

    /// <summary>How many shards it has.</summary>
    public int Shards { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            // Whole or not at all: whoever looks meanwhile finds the package as it was.
            string fresh = $"{Package}.tmp";
            File.Copy(Package, fresh, overwrite: true);
            if (AddDependencies(fresh))
            {
                File.Move(fresh, Package, overwrite: true);
            }
            else
            {
                File.Delete(fresh);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            BuildErrors.CannotKeepState(Log, Package, exception);
        }

        return !Log.HasLoggedErrors;
    }

    private bool AddDependencies(string path)
    {
        using ZipArchive package = ZipFile.Open(path, ZipArchiveMode.Update);
        ZipArchiveEntry entry = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase) && !entry.FullName.Contains('/', StringComparison.Ordinal));
        XDocument nuspec;
        using (Stream stream = entry.Open())
        {
            nuspec = XDocument.Load(stream);
        }

        if (!ShardNuspec.AddDependencies(nuspec, PackageId, Shards))
        {
            return false;
        }

        (string name, DateTimeOffset time) = (entry.FullName, entry.LastWriteTime);
        entry.Delete();
        ZipArchiveEntry changed = package.CreateEntry(name);
        changed.LastWriteTime = time;
        using Stream target = changed.Open();
        nuspec.Save(target);
        return true;
    }
}
