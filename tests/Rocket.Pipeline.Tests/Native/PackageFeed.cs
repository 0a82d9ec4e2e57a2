using System.IO.Compression;
using System.Text;
using NuGet.Configuration;

namespace Rocket.Pipeline.Tests.Native;

/// <summary>A NuGet.Config of its own with local folder feeds, and a packages folder, all below a temporary folder.</summary>
internal sealed class PackageFeed(TemporaryFolder folder)
{
    public const string Id = "rocket.test.native";
    public const string Version = "1.2.3";

    public string Packages => folder.At("packages");

    public string Feed(string name) => Directory.CreateDirectory(folder.At(name)).FullName;

    /// <summary>Puts a package with one native file into a feed.</summary>
    public string AddPackage(string feed)
    {
        string path = Path.Combine(Feed(feed), $"{Id}.{Version}.nupkg");
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create);
        Add(zip, $"{Id}.nuspec", $"""
            <?xml version="1.0"?>
            <package><metadata><id>{Id}</id><version>{Version}</version><authors>tests</authors><description>A native file.</description></metadata></package>
            """);
        Add(zip, "runtimes/any/native/library.so", "not really a library");
        return path;
    }

    /// <summary>The settings of a NuGet.Config with these sources, and nothing from the machine.</summary>
    public ISettings Settings(params string[] sources) => SettingsWith("", sources);

    public ISettings SettingsWith(string sections, params string[] sources)
    {
        folder.Write("nuget.config", $"""
            <configuration>
              <packageSources><clear />{string.Concat(sources.Select(source => $"<add key=\"{source}\" value=\"{folder.At(source)}\" />"))}</packageSources>
              {sections}
            </configuration>
            """);
        return NuGet.Configuration.Settings.LoadSpecificSettings(folder.Path, "nuget.config");
    }

    /// <summary>The settings of a NuGet.Config with a feed over HTTP and what its user calls himself.</summary>
    public ISettings SettingsOf(PackageServer server, string password)
    {
        folder.Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{server.Address}" allowInsecureConnections="true" /></packageSources>
              <packageSourceCredentials>
                <feed><add key="Username" value="{PackageServer.User}" /><add key="ClearTextPassword" value="{password}" /></feed>
              </packageSourceCredentials>
            </configuration>
            """);
        return NuGet.Configuration.Settings.LoadSpecificSettings(folder.Path, "nuget.config");
    }

    private static void Add(ZipArchive zip, string name, string text)
    {
        using Stream stream = zip.CreateEntry(name).Open();
        stream.Write(Encoding.UTF8.GetBytes(text));
    }
}
