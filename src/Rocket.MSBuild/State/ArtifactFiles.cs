namespace Rocket.MSBuild.State;

/// <summary>Takes artifacts away that no manifest makes any more.</summary>
internal static class ArtifactFiles
{
    /// <summary>Deletes files, and the folders below the root that they leave empty. What is gone already is no matter.</summary>
    public static void Delete(IEnumerable<string> files, string root)
    {
        foreach (string file in files)
        {
            if (Directory.Exists(Path.GetDirectoryName(file)))
            {
                File.Delete(file);
            }
        }

        DeleteEmptyFolders(root);
    }

    /// <summary>Deletes the empty folders below a folder, and the folder itself where nothing remains.</summary>
    public static void DeleteEmptyFolders(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (string below in Directory.GetDirectories(folder))
        {
            DeleteEmptyFolders(below);
        }

        try
        {
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
        catch (IOException)
        {
            // Another clean of the same project was faster, or a build has begun to fill it again.
        }
    }
}
