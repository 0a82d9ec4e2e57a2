using System.IO.Compression;
using Rocket.MSBuild.Tests.Execution;

namespace Rocket.MSBuild.Tests.Packages;

/// <summary>A package that carries a model, and the project that references it.</summary>
public sealed class PackTests(PackedRocket rocket)
{
    [Fact]
    public void A_consumer_of_a_packed_model_publishes_it_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        var model = new ModelProject(rocket, folder.At("maker", "model"), name: "Stories.Model", properties: "<RocketPack>true</RocketPack><OutputType>Library</OutputType>");
        model.Write("Program.cs", "namespace Stories { public sealed class Model { } }");
        model.Restore();
        model.Run("pack", "--no-restore", "-o", rocket.Feed).Succeed();

        var consumer = new ModelProject(rocket, folder.At("taker", "app"), manifest: "none");
        consumer.Write("App.csproj", File.ReadAllText(consumer.ProjectFile).Replace("Rocket.MSBuild\" Version=\"0.1.0\" PrivateAssets=\"all\"", "Stories.Model\" Version=\"1.0.0\"", StringComparison.Ordinal));
        consumer.Run("publish", "-o", consumer.At("published")).Succeed();
        string published = consumer.At("published", "models", "little-stories", "r30");
        Assert.Equal(FolderContent.Of(model.Laid), FolderContent.Of(published));
        Assert.True(File.Exists(consumer.At("bin", "Release", "net10.0", "models", "little-stories", "r30", "config.json")));

        Assert.Contains("\"perplexity\"", Evaluate(consumer, published), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500_000, true)]
    [InlineData(1_850_000, false)]
    public void Models_larger_than_a_package_may_be_are_split_and_the_consumer_has_them_whole(int limit, bool isCut)
    {
        using var folder = new TemporaryFolder();
        string name = $"Stories.Split{limit}";
        var model = new ModelProject(rocket, folder.At("maker", "model"), name: name, properties: $"<RocketPack>true</RocketPack><RocketPackMaxBytes>{limit}</RocketPackMaxBytes><OutputType>Library</OutputType>");
        model.Write("Program.cs", "namespace Stories { public sealed class Model { } }");
        model.Restore();
        model.Run("pack", "--no-restore", "-o", folder.At("feed")).Succeed();

        string[] packages = Directory.GetFiles(folder.At("feed"), "*.nupkg");
        long bytes = Directory.GetFiles(model.Laid).Sum(file => new FileInfo(file).Length);
        Assert.InRange(packages.Length, 1 + (bytes + limit - 1) / limit, 2 + (2 * bytes / limit));
        Assert.All(packages, package => Assert.InRange(new FileInfo(package).Length, 1, limit));
        Assert.Equal(isCut, packages.Any(package => ZipFile.OpenRead(package).Entries.Any(entry => entry.FullName == "parts/1.2")));

        var consumer = new ModelProject(rocket, folder.At("taker", "my app"), manifest: "none");
        consumer.Write("App.csproj", File.ReadAllText(consumer.ProjectFile).Replace("Rocket.MSBuild\" Version=\"0.1.0\" PrivateAssets=\"all\"", $"{name}\" Version=\"1.0.0\"", StringComparison.Ordinal));
        consumer.Write(Path.Combine("..", "nuget.config"), $"<configuration><packageSources><add key=\"rocket-tests\" value=\"{folder.At("feed")}\" /></packageSources></configuration>");
        consumer.Run("publish", "-o", consumer.At("published")).Succeed();
        string published = consumer.At("published", "models", "little-stories", "r30");
        string output = consumer.At("bin", "Release", "net10.0", "models", "little-stories", "r30");
        Assert.Equal(FolderContent.Of(model.Laid), FolderContent.Of(published));
        Assert.Equal(FolderContent.Of(model.Laid), FolderContent.Of(output));
        if (!isCut)
        {
            return;
        }

        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(output, "model.safetensors"));
        consumer.Run("build", "-c", "Release", "--no-restore").Succeed();
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(output, "model.safetensors")));
        Assert.Contains("\"perplexity\"", Evaluate(consumer, published), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("many")]
    [InlineData("1000")]
    public void A_limit_that_no_package_can_keep_is_refused(string limit)
    {
        using var folder = new TemporaryFolder();
        var project = new ModelProject(rocket, folder.At("app"), properties: $"<RocketPack>true</RocketPack><RocketPackMaxBytes>{limit}</RocketPackMaxBytes>");
        project.Restore();
        Assert.Contains("error RKT7006: ", Assert.Single(project.RunRecorded("pack", "--no-restore").Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_without_a_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        var project = new ModelProject(rocket, folder.At("app"), manifest: "none", properties: "<RocketPack>true</RocketPack>");
        project.Restore();
        Assert.Contains("error RKT7004: ", Assert.Single(project.RunRecorded("pack", "--no-restore").Errors), StringComparison.Ordinal);
    }

    private string Evaluate(ModelProject consumer, string model)
    {
        string text = Path.Combine(SharedData.Repository(), "samples", "little-stories", "text", "evaluation.txt");
        return DotNet.Run(consumer.Folder, consumer.Cache, rocket.Tool, "evaluate", model, "--text", text, "--windows", "2", "--length", "64", "--runtime", "inference", "--json").Succeed().Output;
    }
}
