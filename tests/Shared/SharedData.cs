namespace Rocket.Tests;

/// <summary>The data that tests read and the project does not hold: models, corpora, goldens. Missing data fails a test, it never skips one.</summary>
internal static class SharedData
{
    /// <summary>The folder <c>../shared</c>, or what <c>ROCKET_SHARED</c> says.</summary>
    public static string Root { get; } = Existing(Environment.GetEnvironmentVariable("ROCKET_SHARED") is { Length: > 0 } root ? root : Path.Combine(Repository(), "..", "shared"));

    /// <summary>The goldens, or what <c>ROCKET_GOLDENS</c> says.</summary>
    public static string Goldens { get; } = Existing(Environment.GetEnvironmentVariable("ROCKET_GOLDENS") is { Length: > 0 } goldens ? goldens : Path.Combine(Root, "goldens"));

    /// <summary>Whether the checks that take long run too (<c>ROCKET_HEAVY=1</c>).</summary>
    public static bool IsHeavy { get; } = Environment.GetEnvironmentVariable("ROCKET_HEAVY") == "1";

    /// <summary>A file or folder below the shared data.</summary>
    public static string PathOf(params string[] parts) => Existing(Path.Combine([Root, .. parts]));

    /// <summary>The repository's root.</summary>
    public static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Rocket.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("No folder above the tests holds Rocket.sln.");
    }

    private static string Existing(string path) => Path.Exists(path)
        ? Path.GetFullPath(path)
        : throw new FileNotFoundException($"The tests' data is missing: '{path}'. Set ROCKET_SHARED or ROCKET_GOLDENS.");
}
