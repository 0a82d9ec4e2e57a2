using System.Globalization;

namespace Rocket.MSBuild.Tests.Execution;

/// <summary>A console project that references the package, with a cheap manifest of the sample model.</summary>
internal sealed class ModelProject
{
    public const string Artifact = "little-stories/r30";

    private const int CorpusLength = 40_000;
    private readonly PackedRocket _rocket;
    private int _logs;

    public ModelProject(PackedRocket rocket, string folder, string? cache = null, string name = "App", string? manifest = null, string properties = "", string items = "")
    {
        (_rocket, Folder, Cache, Name) = (rocket, folder, cache ?? rocket.Cache, name);
        Write(Path.Combine("..", "nuget.config"), $"<configuration><packageSources><add key=\"rocket-tests\" value=\"{rocket.Feed}\" /></packageSources></configuration>");
        Write(Path.Combine("..", "Directory.Build.props"), $"<Project><PropertyGroup><RestorePackagesPath>{rocket.Packages}</RestorePackagesPath><NuGetAudit>false</NuGetAudit><UseAppHost>false</UseAppHost></PropertyGroup></Project>");
        WriteProject(properties, items);
        Write("Program.cs", """
            string model = System.IO.Path.Combine(System.AppContext.BaseDirectory, "models", "little-stories", "r30", "model.safetensors");
            System.Console.WriteLine(new System.IO.FileInfo(model).Length);
            """);
        if (manifest is null)
        {
            WriteManifest(Folder);
        }
    }

    public string Folder { get; }

    public string Cache { get; }

    public string Name { get; }

    /// <summary>Further environment variables of the commands; null: none.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    public string ProjectFile => At($"{Name}.csproj");

    public string Manifest => At("rocket.yaml");

    /// <summary>The artifact as the tool laid it.</summary>
    public string Laid => At("obj", "rocket", "little-stories", "r30");

    /// <summary>The artifact in the output folder.</summary>
    public string Output => At("bin", "Debug", "net10.0", "models", "little-stories", "r30");

    /// <summary>Writes the manifest and its text.</summary>
    public static void WriteManifest(string folder)
    {
        string sample = Path.Combine(SharedData.Repository(), "samples", "little-stories");
        Directory.CreateDirectory(Path.Combine(folder, "text"));
        File.WriteAllText(Path.Combine(folder, "text", "a.txt"), File.ReadAllText(Path.Combine(sample, "text", "calibration.txt"))[..CorpusLength]);
        File.WriteAllText(Path.Combine(folder, "rocket.yaml"), $$"""
            version: 1
            models:
              - name: little-stories
                source: "{{Path.Combine(sample, "model")}}"
                calibration:
                  corpus: [ "text/*.txt" ]
                  samples: 8
                  sequenceLength: 64
                grid: { ratios: { from: 0.2, to: 0.5, step: 0.1 }, rho: { from: 2, to: 2, step: 1 } }
                budgets:
                  - { name: r30, remove: 30% }

            """);
    }

    public string At(params string[] names) => Path.Combine([Folder, .. names]);

    public void Write(string name, string text)
    {
        string path = Path.GetFullPath(At(name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Writes the project file.</summary>
    public void WriteProject(string properties = "", string items = "") => Write($"{Name}.csproj", $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Rocket.MSBuild" Version="{PackedRocket.Version}" PrivateAssets="all" />
            {items}
          </ItemGroup>
        </Project>
        """);

    /// <summary>Changes a word of the manifest.</summary>
    public void Edit(string good, string bad) => File.WriteAllText(Manifest, File.ReadAllText(Manifest).Replace(good, bad, StringComparison.Ordinal));

    public void Restore() => Run("restore", Name + ".csproj", "-v", "quiet").Succeed();

    /// <summary>Runs a command on the project.</summary>
    public DotNetResult Run(params string[] arguments) => DotNet.Run(Folder, Cache, Environment, arguments);

    /// <summary>Builds without restoring.</summary>
    public BuildRecord Build(params string[] options) => RunRecorded(["build", .. options, "--no-restore"]);

    /// <summary>Runs a command and reads its binary log.</summary>
    public BuildRecord RunRecorded(params string[] arguments)
    {
        string log = At(string.Create(CultureInfo.InvariantCulture, $"{++_logs}.binlog"));
        return BuildRecord.Read(log, Run([.. arguments, $"-bl:{log}"]));
    }
}
