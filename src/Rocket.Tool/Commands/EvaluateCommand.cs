using System.CommandLine;
using System.Text.Json.Nodes;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Stages;
using Rocket.Tool.Diagnostics;
using Rocket.Tool.Output;

namespace Rocket.Tool.Commands;

/// <summary><c>rocket evaluate</c>: perplexity and zero-shot tasks of any model folder, dense or compressed.</summary>
internal static class EvaluateCommand
{
    private const string TorchRuntime = "torch";
    private const string InferenceRuntime = "inference";

    public static Command Create(GlobalOptions globals)
    {
        var engine = new EngineOptions();
        var folder = new Argument<string>("model") { Description = "Folder of a model: an artifact, or a dense model in Hugging Face layout." };
        var texts = new Option<string[]>("--text") { Description = "Text to measure on, .txt or .jsonl; may be repeated.", AllowMultipleArgumentsPerToken = true, HelpName = "FILE" };
        var windows = new Option<int>("--windows") { Description = "Windows of the text to measure, evenly spread.", DefaultValueFactory = _ => 24, HelpName = "N" };
        var length = new Option<int>("--length") { Description = "Tokens a window.", DefaultValueFactory = _ => 512, HelpName = "N" };
        var rolling = new Option<bool>("--rolling") { Description = "Measure the whole text, window after window, instead of some windows of it." };
        var tasks = new Option<string[]>("--task") { Description = "Zero-shot task to answer, .jsonl; may be repeated. What was answered once is kept in the cache.", AllowMultipleArgumentsPerToken = true, HelpName = "FILE" };
        var limit = new Option<int?>("--limit") { Description = "Most items of a task, from the first on; by default all.", HelpName = "N" };
        var against = new Option<string?>("--against") { Description = "Compare with this model, usually the dense one: paired differences on tasks; on text the share of tokens with the same top token, and the KL divergence.", HelpName = "DIR" };
        var runtime = new Option<string>("--runtime") { Description = "What runs the model: libtorch, or Rocket's own runtime, which needs no native library.", DefaultValueFactory = _ => TorchRuntime, HelpName = $"{TorchRuntime}|{InferenceRuntime}" };
        runtime.AcceptOnlyFromAmong(TorchRuntime, InferenceRuntime);
        var command = new Command("evaluate", "Measure the perplexity of a model folder, and its answers to zero-shot tasks.") { folder, texts, windows, length, rolling, tasks, limit, against, runtime };
        engine.AddTo(command);
        engine.AddDeviceTo(command);
        ExampleHelp.WithExample(command, "dotnet rocket evaluate out/smollm2/r30 --text corpora/valid.txt --windows 24 --length 512");
        return globals.SetAction(command, (parsed, session) =>
        {
            string model = Existing(parsed.GetValue(folder)!);
            string? other = parsed.GetValue(against) is { } named ? Existing(named) : null;
            string[] askedTexts = parsed.GetValue(texts) ?? [];
            string[] askedTasks = parsed.GetValue(tasks) ?? [];
            if (askedTexts.Length + askedTasks.Length == 0)
            {
                throw CommandLineErrors.NothingToMeasure();
            }

            int? count = parsed.GetValue(rolling) ? null : AtLeast(1, "--windows", parsed.GetValue(windows));
            int tokens = AtLeast(2, "--length", parsed.GetValue(length));
            int? most = parsed.GetValue(limit) is { } items ? AtLeast(1, "--limit", items) : null;
            bool usesTorch = parsed.GetValue(runtime) == TorchRuntime;
            if (engine.Device(parsed) is not null && !usesTorch)
            {
                throw CommandLineErrors.NotTogether("--device", $"--runtime {InferenceRuntime}");
            }

            if (other is not null && !usesTorch && askedTexts.Length > 0)
            {
                throw CommandLineErrors.BadValue("--runtime", InferenceRuntime, $"{TorchRuntime} where texts are compared with --against");
            }

            using Store store = engine.OpenStore(parsed, session);
            var evaluation = new FolderEvaluation(engine.CreateContext(parsed, session, store), session, usesTorch);
            List<TextPerplexity> perplexities = [.. askedTexts.Select(text => session.Log.Run(() => evaluation.Measure(model, other, text, count, tokens)))];
            List<TaskResult> answers = [.. askedTasks.Select(task => session.Log.Run(() => evaluation.Answer(model, task, most)))];
            List<TaskResult> others = other is null ? [] : [.. askedTasks.Select(task => session.Log.Run(() => evaluation.Answer(other, task, most)))];
            session.Write(() => ToJson(model, perplexities, answers, others), terminal => Render(terminal, perplexities, answers, others));
            return 0;
        });
    }

    private static void Render(Terminal terminal, List<TextPerplexity> texts, List<TaskResult> tasks, List<TaskResult> others)
    {
        if (texts.Count > 0)
        {
            terminal.Out.Write(PerplexityTable.Create(texts));
        }

        if (tasks.Count > 0)
        {
            terminal.Out.Write(TaskView.Create(tasks, others));
        }
    }

    private static JsonObject ToJson(string model, List<TextPerplexity> texts, List<TaskResult> tasks, List<TaskResult> others)
    {
        JsonObject[] nodes = [.. texts.Select(result =>
        {
            JsonObject node = JsonOutput.Node(result.Result).AsObject();
            node.Insert(0, "text", result.Text);
            return node;
        })];
        if (nodes.Length == 1 && tasks.Count == 0)
        {
            nodes[0].Insert(0, "model", model);
            return nodes[0];
        }

        var report = new JsonObject { ["model"] = model, ["texts"] = new JsonArray([.. nodes]) };
        if (tasks.Count > 0)
        {
            report["tasks"] = TaskView.ToJson(tasks, others);
        }

        return report;
    }

    private static string Existing(string model) => Directory.Exists(model) ? model : throw CommandLineErrors.NoFolder(model);

    private static int AtLeast(int least, string option, int value)
        => value >= least ? value : throw CommandLineErrors.BadValue(option, $"{value}", $"at least {least}");
}
