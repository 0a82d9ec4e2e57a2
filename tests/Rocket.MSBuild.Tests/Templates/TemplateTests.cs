using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Rocket.MSBuild.Tests.Execution;

namespace Rocket.MSBuild.Tests.Templates;

/// <summary>What <c>dotnet new</c> makes builds and runs as it is.</summary>
public sealed class TemplateTests(PackedRocket rocket, InstalledTemplates user, ITestOutputHelper output) : IClassFixture<InstalledTemplates>
{
    [Fact]
    public void The_app_completes_text_with_the_compressed_sample_model()
    {
        var watch = Stopwatch.StartNew();
        user.Run("new", "rocket-app", "-o", "app").Succeed();
        DotNetResult first = user.Run("run", "--project", "app").Succeed();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"dotnet new and the first dotnet run: {watch.Elapsed.TotalSeconds:0.0} s"));

        Assert.Contains("Anna went to the ", first.Output, StringComparison.Ordinal);
        Assert.True(first.Output.Split(' ').Length > 40, first.Output);
        Assert.StartsWith("Tom had two apples", user.Run("run", "--project", "app", "--no-build", "--", "Tom had two apples").Succeed().Output, StringComparison.Ordinal);

        string model = user.At("app", "bin", "Debug", "net10.0", "models", "little-stories", "small");
        Assert.True(new FileInfo(Path.Combine(model, "model.safetensors")).Length < new FileInfo(user.At("app", "model", "model.safetensors")).Length);
        Assert.True(File.Exists(user.At("app", "obj", "rocket.schema.json")), "The schema that rocket.yaml names is not there.");
    }

    [Fact]
    public void The_app_chats_where_its_model_has_a_chat_template()
    {
        string source = user.At("chat model");
        Directory.CreateDirectory(source);
        foreach (string file in Directory.GetFiles(Path.Combine(SharedData.Repository(), "samples", "little-stories", "model")))
        {
            File.Copy(file, Path.Combine(source, Path.GetFileName(file)));
        }

        File.WriteAllText(Path.Combine(source, "chat_template.jinja"), "{% for message in messages %}{{ message.content }}\n\n{% endfor %}");
        user.Run("new", "rocket-app", "-o", "chat", "--source", "../chat model").Succeed();
        string answer = user.Run("run", "--project", "chat", "--", "Anna had a dog.").Succeed().Output;
        Assert.True(answer.Split(' ').Length > 10 && !answer.Contains("Anna had a dog.", StringComparison.Ordinal), answer);
    }

    [Fact]
    public void The_models_project_tells_what_it_made_and_packs_the_models_alone()
    {
        user.Run("new", "rocket", "-o", "stories", "--budget", "40").Succeed();
        Assert.Contains("little-stories/small: 2,244,256 bytes of weights became ", user.Run("run", "--project", "stories").Succeed().Output.Replace('.', ','), StringComparison.Ordinal);

        user.Run("pack", "stories", "-o", user.At("out")).Succeed();
        using ZipArchive package = ZipFile.OpenRead(user.At("out", "stories.1.0.0.nupkg"));
        Assert.NotNull(package.GetEntry("rocket/little-stories/small/model.safetensors"));
        Assert.DoesNotContain(package.Entries, entry => entry.FullName.EndsWith(".dll", StringComparison.Ordinal));
    }

    [Fact]
    public void The_manifest_is_one_that_the_tool_builds()
    {
        user.Run("new", "rocket-manifest", "-o", "manifest").Succeed();
        user.Run(rocket.Tool, "build", user.At("manifest", "rocket.yaml"), "--output", user.At("manifest", "out")).Succeed();
        Assert.True(File.Exists(user.At("manifest", "out", "little-stories", "small", "rocket.json")));
    }

    [Theory]
    [InlineData("rocket")]
    [InlineData("rocket-app")]
    [InlineData("rocket-manifest")]
    public void Another_source_comes_instead_of_the_sample_model(string template)
    {
        string folder = $"other-{template}";
        user.Run(["new", template, "-o", folder, "--source", "hf:someone/something@main", .. template == "rocket-manifest" ? (string[])[] : ["--no-restore"]]).Succeed();
        string manifest = File.ReadAllText(user.At(folder, "rocket.yaml"));
        Assert.Contains("source: \"hf:someone/something@main\"", manifest, StringComparison.Ordinal);
        Assert.Contains("name: my-model", manifest, StringComparison.Ordinal);
        Assert.False(Directory.Exists(user.At(folder, "model")));
        Assert.True(File.Exists(user.At(folder, "text", "calibration.txt")));
    }
}
