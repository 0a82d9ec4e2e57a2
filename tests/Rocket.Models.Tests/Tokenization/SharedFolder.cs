namespace Rocket.Models.Tests.Tokenization;

/// <summary>Where the models and golden values lie that the tests read.</summary>
internal static class SharedFolder
{
    /// <summary>ROCKET_SHARED, else the folder "shared" beside the repository.</summary>
    public static string Root { get; } = Environment.GetEnvironmentVariable("ROCKET_SHARED") is { Length: > 0 } set ? set : BesideRepository();

    /// <summary>The sets of token ids of the reference tokenizers.</summary>
    public static string Tokenizers { get; } =
        Path.Combine(Environment.GetEnvironmentVariable("ROCKET_GOLDENS") is { Length: > 0 } set ? set : Path.Combine(Root, "goldens"), "tokenizers");

    private static string BesideRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Rocket.sln")))
            {
                return Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared"));
            }
        }

        throw new DirectoryNotFoundException("No folder above the tests holds Rocket.sln; set ROCKET_SHARED.");
    }
}
