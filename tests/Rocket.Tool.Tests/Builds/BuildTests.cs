using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>The main job, through the real tool.</summary>
public sealed class BuildTests(BuiltStories built)
{
    [Fact]
    public void A_build_makes_an_artifact_under_its_budget_and_measures_it()
    {
        JsonNode model = built.Report["models"]![0]!;
        JsonNode budget = model["budgets"]![0]!;
        Assert.True((double)budget["removedShare"]! >= 0.3);
        Assert.True((long)budget["bytes"]! < (long)model["source"]!["bytes"]!);
        double dense = (double)model["source"]!["texts"]![0]!["nll"]!;
        Assert.InRange(dense, 1.0, 2.0);
        Assert.InRange((double)budget["texts"]![0]!["rise"]!, 0, 3);
        foreach (string file in (string[])["config.json", "model.safetensors", "rocket.json", "README.md", "modeling_rocket.py", "tokenizer.json"])
        {
            Assert.True(File.Exists(Path.Combine(built.Artifact, file)), file);
        }
    }

    [Fact]
    public void The_run_is_recorded_beside_the_artifact()
    {
        JsonNode record = JsonNode.Parse(File.ReadAllText(built.Artifact + ".run.json"))!;
        Assert.Equal("r30", (string)record["budget"]!);
        Assert.True((double)record["evaluation"]!["perplexity"]![0]!["compressed"]!["nll"]! > 0);
        Assert.True((double)record["run"]!["wallSeconds"]!["profile"]! > 0);
        Assert.True((int)record["run"]!["computed"]!["factorize"]! > 0);
        Assert.True((long)record["run"]!["peakMemory"]! > 0);
    }

    [Fact]
    public void A_second_build_computes_nothing_and_touches_nothing_and_a_new_budget_reuses_the_profiles()
    {
        using var folder = new TemporaryFolder();
        Stories.WriteManifest(folder, [30], evaluate: true);
        CopyFolder(built.Cache, folder.At("cache"));
        JsonObject first = RocketTool.RunJson(folder.Path, folder.At("cache"), "build");
        Assert.Equal(0, (int)first["computedActions"]!);
        string[] before = FolderSnapshot.WithTimes(folder.At("out"));

        ToolResult second = RocketTool.Run(folder.Path, folder.At("cache"), "build");
        Assert.Equal(0, second.ExitCode);
        Assert.Contains("Nothing to do", second.Output, StringComparison.Ordinal);
        Assert.Equal(before, FolderSnapshot.WithTimes(folder.At("out")));

        Stories.WriteManifest(folder, [30, 25], evaluate: true);
        JsonObject third = RocketTool.RunJson(folder.Path, folder.At("cache"), "build");
        Assert.Equal(["allocate", "assemble", "evaluate", "factorize"], third["computed"]!.AsObject().Select(stage => stage.Key));
        Assert.Equal(1, (int)third["computed"]!["assemble"]!);
        Assert.False((bool)third["models"]![0]!["budgets"]![0]!["isNew"]!);
    }

    [Fact]
    public void Factors_of_a_new_budget_are_the_same_whether_they_begin_at_what_the_profile_left_or_at_the_weight()
    {
        using var folder = new TemporaryFolder();
        Stories.WriteManifest(folder, [45]);
        CopyFolder(built.Cache, folder.At("cache"));
        CopyFolder(built.Cache, folder.At("without"));
        JsonNode[] left = [.. RocketTool.RunJson(folder.Path, folder.At("without"), "cache", "list")["entries"]!.AsArray().OfType<JsonNode>()
            .Where(entry => (string?)entry["stage"] == "waypoints" && (string?)entry["kind"] == "blob")];
        foreach (JsonNode entry in left)
        {
            File.Delete(Path.Combine(folder.At("without"), "cas", (string)entry["name"]!));
        }

        // Two stations of seven linears in five blocks.
        Assert.Equal(2 * 7 * 5, left.Length);
        RocketTool.RunJson(folder.Path, folder.At("cache"), "build");
        JsonObject again = RocketTool.RunJson(folder.Path, folder.At("without"), "build", "--output", "again");
        Assert.True((int)again["computed"]!["factorize"]! > 0);
        Assert.Equal(FolderSnapshot.Of(folder.At("out", Stories.Name, "r45")), FolderSnapshot.Of(folder.At("again", Stories.Name, "r45")));
    }

    [Fact]
    public void A_dense_export_has_the_layout_of_the_source_and_the_loss_of_the_artifact()
    {
        Assert.Equal(Layout(Stories.Source), Layout(built.DenseExport));
        JsonObject artifact = Evaluate(built.Artifact);
        JsonObject export = Evaluate(built.DenseExport);
        Assert.Equal((double)artifact["nll"]!, (double)export["nll"]!, 1e-4);
        double measured = (double)built.Report["models"]![0]!["budgets"]![0]!["texts"]![0]!["nll"]!;
        Assert.Equal(measured, (double)artifact["nll"]!, 1e-9);
    }

    [Fact]
    public void Only_the_model_and_the_budget_that_were_asked_for_are_built()
    {
        using var folder = new TemporaryFolder();
        Stories.WriteManifest(folder, [30, 25]);
        CopyFolder(built.Cache, folder.At("cache"));
        JsonObject report = RocketTool.RunJson(folder.Path, folder.At("cache"), "build", "--budget", "r30");
        Assert.Equal("r30", (string)Assert.Single(report["models"]![0]!["budgets"]!.AsArray())!["name"]!);
        Assert.False(Directory.Exists(folder.At("out", Stories.Name, "r25")));

        ToolResult unknown = RocketTool.Run(folder.Path, folder.At("cache"), "build", "--budget", "r31");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("error RKT1102: --budget is \"r31\"; it must be one of r30, r25.", unknown.Error, StringComparison.Ordinal);
    }

    private JsonObject Evaluate(string model) => RocketTool.RunJson(
        built.Folder, built.Cache, "evaluate", model, "--text", Stories.EvaluationText, "--windows", "4", "--length", "128");

    private static string[] Layout(string folder)
    {
        using Checkpoint checkpoint = Checkpoint.Open(folder);
        return [.. checkpoint.Tensors.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]")];
    }

    // What a run at work keeps beside the store's entries is its own: another test may run on the cache that is copied.
    internal static void CopyFolder(string source, string target)
    {
        string[] ofRuns = ["sessions", "tmp"];
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(source, file).Split(Path.DirectorySeparatorChar).Any(part => ofRuns.Contains(part))))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
