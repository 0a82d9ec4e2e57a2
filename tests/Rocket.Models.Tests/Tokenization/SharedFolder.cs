namespace Rocket.Models.Tests.Tokenization;

/// <summary>Where the models, corpora and golden values lie that the tests read.</summary>
internal static class SharedFolder
{
    /// <summary>ROCKET_SHARED, else the folder "shared" beside the repository.</summary>
    public static string Root { get; } = Environment.GetEnvironmentVariable("ROCKET_SHARED") ?? BesideRepository();

    /// <summary>ROCKET_GOLDENS, else the goldens of the shared folder.</summary>
    public static string Goldens { get; } = Environment.GetEnvironmentVariable("ROCKET_GOLDENS") ?? Path.Combine(Root, "goldens");

    private static string BesideRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Rocket.sln")))
        {
            folder = folder.Parent;
        }

        return Path.GetFullPath(Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "..", "shared"));
    }
}
