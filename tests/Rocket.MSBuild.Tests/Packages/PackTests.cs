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

        string text = Path.Combine(SharedData.Repository(), "samples", "little-stories", "text", "evaluation.txt");
        DotNetResult evaluation = DotNet.Run(consumer.Folder, consumer.Cache, rocket.Tool, "evaluate", published, "--text", text, "--windows", "2", "--length", "64", "--json").Succeed();
        Assert.Contains("\"perplexity\"", evaluation.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_without_a_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        var project = new ModelProject(rocket, folder.At("app"), manifest: "none", properties: "<RocketPack>true</RocketPack>");
        project.Restore();
        Assert.Contains("error RKT7004: ", Assert.Single(project.RunRecorded("pack", "--no-restore").Errors), StringComparison.Ordinal);
    }
}
