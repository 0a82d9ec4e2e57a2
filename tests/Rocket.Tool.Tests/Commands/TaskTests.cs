using System.Globalization;
using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Builds;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Commands;

/// <summary>Zero-shot tasks through the tool.</summary>
public sealed class TaskTests(BuiltStories built)
{
    private const string Piqa = "piqa.jsonl";

    // The table of the method's description: right answers and length-normalised ones among the first 200 items of the dense model.
    private static readonly (string Task, int Right, int? Normalized)[] Published =
        [("arc_easy", 103, 96), ("piqa", 128, 131), ("lambada_openai", 68, null), ("winogrande", 101, null), ("hellaswag_1k_exact", 87, 97)];

    [Fact]
    public void Answers_are_kept_and_a_second_run_computes_none_but_new_ones()
    {
        using var folder = new TemporaryFolder();
        JsonObject first = Evaluate(folder, 60, Stories.Source);
        Assert.Equal(2, AnswersIn(folder));
        JsonObject second = Evaluate(folder, 60, Stories.Source);
        Assert.Equal(2, AnswersIn(folder));
        Assert.Equal(first.ToJsonString(), second.ToJsonString());

        // The first fifty are known; the twenty that follow are a part of their own.
        Evaluate(folder, 70, Stories.Source);
        Assert.Equal(3, AnswersIn(folder));
        JsonNode task = first["tasks"]![0]!;
        Assert.Equal(60, (int)task["items"]!);
        Assert.InRange((double)task["acc"]!["share"]!, (double)task["acc"]!["low"]!, (double)task["acc"]!["high"]!);
        Assert.InRange((int)task["acc_norm"]!["correct"]!, 15, 45);
    }

    [Fact]
    public void An_artifact_is_compared_with_dense_item_by_item_and_token_by_token()
    {
        using var folder = new TemporaryFolder();
        JsonObject report = Evaluate(folder, 60, built.Artifact, "--against", Stories.Source, "--text", Stories.EvaluationText, "--windows", "4", "--length", "128");
        JsonNode accuracy = report["tasks"]![0]!["acc"]!;
        JsonObject dense = Evaluate(folder, 60, Stories.Source);
        double difference = ((int)accuracy["correct"]! - (int)dense["tasks"]![0]!["acc"]!["correct"]!) / 60.0;
        Assert.Equal(difference, (double)accuracy["difference"]!["mean"]!, 1e-12);
        JsonNode agreement = report["texts"]![0]!["agreement"]!;
        Assert.InRange((double)agreement["top1"]!, 0.3, 0.999);
        Assert.InRange((double)agreement["kullbackLeibler"]!, 1e-4, 3);

        JsonObject itself = Evaluate(folder, 60, Stories.Source, "--against", Stories.Source);
        Assert.Equal((0, 0), ((int)itself["tasks"]![0]!["acc"]!["difference"]!["gained"]!, (int)itself["tasks"]![0]!["acc"]!["difference"]!["lost"]!));
    }

    [Fact]
    public void Both_runtimes_answer_alike()
    {
        using var folder = new TemporaryFolder();
        JsonNode torch = Evaluate(folder, 30, Stories.Source)["tasks"]![0]!;
        JsonNode own = Evaluate(folder, 30, Stories.Source, "--runtime", "inference")["tasks"]![0]!;
        Assert.Equal(torch["acc"]!.ToJsonString(), own["acc"]!.ToJsonString());
    }

    [Fact]
    public void A_manifest_asks_for_tasks_and_the_record_and_the_page_have_them()
    {
        using var folder = new TemporaryFolder();
        BuildTests.CopyFolder(built.Cache, folder.At("cache"));
        string manifest = Stories.WriteManifest(folder, [30], evaluate: true);
        string task = SharedData.PathOf("tasks", Piqa);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("sequenceLength: 128 }", $"sequenceLength: 128, tasks: \"{task}\", limit: 20 }}", StringComparison.Ordinal).Replace("version: 1", "version: 1\ncost: { gramsPerKilowattHour: 56 }", StringComparison.Ordinal));
        JsonObject report = RocketTool.RunJson(folder.Path, folder.At("cache"), "build", "--output", "out");
        Assert.Equal(20, (int)report["models"]![0]!["budgets"]![0]!["tasks"]![0]!["acc"]!["items"]!);
        JsonNode record = JsonNode.Parse(File.ReadAllText(folder.At("out", "stories", "r30.run.json")))!;
        JsonNode part = record["evaluation"]!["tasks"]![1]!;
        Assert.Equal("acc_norm", (string)part["metric"]!);
        Assert.Equal(20, (int)part["difference"]!["items"]!);
        Assert.NotNull(record["evaluation"]!["perplexity"]![0]!["compressed"]!["agreement"]);
        Assert.Null(record["evaluation"]!["perplexity"]![0]!["dense"]!["agreement"]);
        Assert.Equal(56, (double)record["run"]!["carbon"]!["gramsPerKilowattHour"]!);
        Assert.True((double)record["run"]!["energy"]!["joules"]! > 0);
        Assert.Contains("piqa, acc_norm, 20 items", File.ReadAllText(folder.At("out", "stories", "report.html")), StringComparison.Ordinal);

        // What a run took is beside the artifact, never in it.
        foreach (string file in Directory.GetFiles(folder.At("out", "stories", "r30")).Where(file => Path.GetExtension(file) is ".json" or ".md"))
        {
            Assert.DoesNotContain("joules", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Nothing_to_measure_and_a_damaged_task_are_told()
    {
        using var folder = new TemporaryFolder();
        folder.Write("task.jsonl", "{ \"kind\": \"essay\" }\n");
        Assert.Contains("error RKT1111: ", RocketTool.Run(folder.Path, folder.At("cache"), "evaluate", Stories.Source).Error, StringComparison.Ordinal);
        Assert.Contains("task.jsonl(1,1): error RKT3121: ", RocketTool.Run(folder.Path, folder.At("cache"), "evaluate", Stories.Source, "--task", "task.jsonl").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_dense_chat_model_has_the_published_accuracies()
    {
        Assert.SkipUnless(SharedData.IsHeavy, "Takes minutes: ROCKET_HEAVY=1 runs it.");
        using var folder = new TemporaryFolder();
        foreach ((string name, int right, int? normalized) in Published)
        {
            JsonNode task = RocketTool.RunJson(folder.Path, folder.At("cache"), "evaluate", SmolLm2.Folder, "--task", SharedData.PathOf("tasks", name + ".jsonl"), "--limit", "200")["tasks"]![0]!;
            Assert.True(Math.Abs((int)task["acc"]!["correct"]! - right) <= 1, string.Create(CultureInfo.InvariantCulture, $"{name}: {task["acc"]!["correct"]} instead of {right}"));
            Assert.True(normalized is null || Math.Abs((int)task["acc_norm"]!["correct"]! - normalized.Value) <= 1, string.Create(CultureInfo.InvariantCulture, $"{name}: {task["acc_norm"]?["correct"]} instead of {normalized}, normalised"));
        }
    }

    private static JsonObject Evaluate(TemporaryFolder folder, int limit, string model, params string[] more)
        => RocketTool.RunJson(folder.Path, folder.At("cache"), ["evaluate", model, "--task", SharedData.PathOf("tasks", Piqa), "--limit", $"{limit}", .. more]);

    private static int AnswersIn(TemporaryFolder folder)
        => RocketTool.RunJson(folder.Path, folder.At("cache"), "cache", "list")["entries"]!.AsArray().Count(entry => (string?)entry!["stage"] == "evaluate" && (string?)entry["kind"] == "action");
}
