using Rocket.MSBuild.Tests.Execution;

namespace Rocket.MSBuild.Tests.Templates;

/// <summary>A user's machine on which the templates are installed: a home and a packages folder of its own, one feed, and libtorch in a fallback folder.</summary>
public sealed class InstalledTemplates : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PackedRocket _rocket;

    public InstalledTemplates(PackedRocket rocket)
    {
        _rocket = rocket;
        string fetched = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Directory.CreateDirectory(_folder.At("fallback"));
        foreach (string libtorch in Directory.GetDirectories(fetched, "libtorch-cpu-*"))
        {
            Directory.CreateSymbolicLink(_folder.At("fallback", Path.GetFileName(libtorch)), libtorch);
        }

        _folder.Write("nuget.config", $"""
            <configuration>
              <packageSources><add key="rocket-tests" value="{rocket.Feed}" /></packageSources>
              <fallbackPackageFolders><add key="libtorch" value="{_folder.At("fallback")}" /></fallbackPackageFolders>
            </configuration>
            """);
        Run("new", "install", $"Rocket.Templates@{PackedRocket.Version}", "--add-source", rocket.Feed).Succeed();
    }

    /// <summary>A path below the user's folder.</summary>
    public string At(params string[] names) => _folder.At(names);

    /// <summary>Runs a command of dotnet there.</summary>
    internal DotNetResult Run(params string[] arguments) => DotNet.Run(_folder.Path, _rocket.Cache, Variables(), arguments);

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, string> Variables() => new(StringComparer.Ordinal)
    {
        ["DOTNET_CLI_HOME"] = _folder.At("home"),
        ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["NUGET_PACKAGES"] = _rocket.Packages,
        ["NuGetAudit"] = "false", // the feed has no list of vulnerabilities
    };
}
