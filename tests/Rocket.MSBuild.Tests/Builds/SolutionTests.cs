using System.Text.Json.Nodes;
using Rocket.MSBuild.Tests.Execution;

namespace Rocket.MSBuild.Tests.Builds;

/// <summary>Projects that share a model, and one that is built for two frameworks.</summary>
public sealed class SolutionTests(PackedRocket rocket)
{
    private const string SharedManifest = "<RocketManifest Include=\"../rocket.yaml\" />";

    [Fact]
    public void Five_projects_and_a_multi_targeted_one_do_each_action_once()
    {
        using var folder = new TemporaryFolder();
        string cache = folder.At("cache");
        ModelProject.WriteManifest(folder.Path);
        List<ModelProject> projects = [.. Enumerable.Range(1, 5).Select(i => new ModelProject(rocket, folder.At($"P{i}"), cache, $"P{i}", folder.At("rocket.yaml"), items: SharedManifest))];
        var multi = new ModelProject(rocket, folder.At("Multi"), cache, "Multi", folder.At("rocket.yaml"), "<TargetFramework /><TargetFrameworks>net10.0;netstandard2.0</TargetFrameworks><OutputType>Library</OutputType>", SharedManifest);
        multi.Write("Program.cs", "namespace Multi { public sealed class Model { } }");
        projects.Add(multi);
        File.WriteAllText(folder.At("All.slnx"), $"<Solution>{string.Concat(projects.Select(project => $"<Project Path=\"{project.Name}/{project.Name}.csproj\" />"))}</Solution>");

        DotNet.Run(folder.Path, cache, "restore", "All.slnx", "-v", "quiet").Succeed();
        BuildRecord cold = Build("-m");
        Assert.Equal(projects.Count, cold.ToolRuns);
        Assert.All(projects, project => Assert.Equal(FolderContent.Of(rocket.Reference.Laid), FolderContent.Of(project.Laid)));
        Assert.True(Directory.Exists(multi.At("bin", "Debug", "netstandard2.0", "models", "little-stories", "r30")));

        // The reference began with an empty cache and was alone: what it computed is what there is to compute.
        Assert.Equal(Computed(rocket.Reference), Sum(projects.Select(Computed)));

        BuildRecord graph = Build("-graph", "-m", "/warnaserror");
        Assert.Equal(0, graph.ToolRuns);

        BuildRecord Build(params string[] options)
        {
            string log = folder.At($"{options[0]}.binlog");
            return BuildRecord.Read(log, DotNet.Run(folder.Path, cache, ["build", "All.slnx", "--no-restore", .. options, $"-bl:{log}"])).Succeed();
        }
    }

    private static SortedDictionary<string, int> Computed(ModelProject project)
    {
        JsonNode record = JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(project.Laid)!, "r30.run.json")))!;
        return new SortedDictionary<string, int>(record["run"]!["computed"]!.AsObject().ToDictionary(stage => stage.Key, stage => (int)stage.Value!), StringComparer.Ordinal);
    }

    private static SortedDictionary<string, int> Sum(IEnumerable<SortedDictionary<string, int>> all)
        => new(all.SelectMany(counts => counts).GroupBy(count => count.Key).ToDictionary(stage => stage.Key, stage => stage.Sum(count => count.Value)), StringComparer.Ordinal);
}
