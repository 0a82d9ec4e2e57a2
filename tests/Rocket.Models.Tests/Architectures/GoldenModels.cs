namespace Rocket.Models.Tests.Architectures;

/// <summary>The tiny models under <c>goldens/models</c>, each with config.json and config.v5.json.</summary>
internal static class GoldenModels
{
    /// <summary>Names of the models that are there.</summary>
    public static TheoryData<string> Names()
    {
        string[] folders = [.. Directory.GetDirectories(Root()).Where(folder => File.Exists(Path.Combine(folder, "config.json")))];
        Array.Sort(folders, StringComparer.Ordinal);
        Assert.NotEmpty(folders);
        return [.. folders.Select(folder => Path.GetFileName(folder))];
    }

    /// <summary>The folder of a model.</summary>
    public static string Folder(string name) => Path.Combine(Root(), name);

    private static string Root() => Path.Combine(SharedData.Goldens, "models");
}
