using System.CommandLine;
using System.Text.Json.Nodes;
using Rocket.Compression.Evaluation;
using Rocket.Compression.Execution;
using Rocket.Inference;
using Rocket.Models.Diagnostics;
using Rocket.Models.Scoring;
using Rocket.Models.Tokenization;
using Rocket.Pipeline.Corpora;
using Rocket.Pipeline.Stages;
using Rocket.Tool.Diagnostics;
using Rocket.Tool.Output;

namespace Rocket.Tool.Commands;

/// <summary><c>rocket evaluate</c>: perplexity of any model folder, dense or compressed.</summary>
internal static class EvaluateCommand
{
    private const int Percent = 100;
    private const string TorchRuntime = "torch";
    private const string InferenceRuntime = "inference";

    public static Command Create(GlobalOptions globals)
    {
        var engine = new EngineOptions();
        var folder = new Argument<string>("model") { Description = "Folder of a model: an artifact, or a dense model in Hugging Face layout." };
        var texts = new Option<string[]>("--text") { Description = "Text to measure on, .txt or .jsonl; may be repeated.", Required = true, AllowMultipleArgumentsPerToken = true, HelpName = "FILE" };
        var windows = new Option<int>("--windows") { Description = "Windows of the text to measure, evenly spread.", DefaultValueFactory = _ => 24, HelpName = "N" };
        var length = new Option<int>("--length") { Description = "Tokens a window.", DefaultValueFactory = _ => 512, HelpName = "N" };
        var runtime = new Option<string>("--runtime") { Description = "What runs the model: libtorch, or Rocket's own runtime, which needs no native library.", DefaultValueFactory = _ => TorchRuntime, HelpName = $"{TorchRuntime}|{InferenceRuntime}" };
        runtime.AcceptOnlyFromAmong(TorchRuntime, InferenceRuntime);
        var command = new Command("evaluate", "Measure the perplexity of a model folder.") { folder, texts, windows, length, runtime };
        engine.AddTo(command);
        ExampleHelp.WithExample(command, "dotnet rocket evaluate out/smollm2/r30 --text corpora/valid.txt --windows 24 --length 512");
        return globals.SetAction(command, (parsed, session) =>
        {
            string model = parsed.GetValue(folder)!;
            if (!Directory.Exists(model))
            {
                throw CommandLineErrors.NoFolder(model);
            }

            int count = AtLeast(1, "--windows", parsed.GetValue(windows));
            int tokens = AtLeast(2, "--length", parsed.GetValue(length));
            int threads = engine.Threads(parsed);
            bool usesTorch = parsed.GetValue(runtime) == TorchRuntime;
            List<TextPerplexity> results = [];
            foreach (string text in parsed.GetValue(texts)!)
            {
                TokenStream stream = ReadText(model, text);
                var starts = TokenWindows.ForEvaluation(stream.Ids.Length, tokens, count, new SourceLocation(text));
                if (usesTorch)
                {
                    engine.LoadRuntime(parsed, session);
                }

                results.Add(new TextPerplexity(text, session.Log.Run(() =>
                {
                    using ITokenScorer scorer = usesTorch ? TorchScorer.Open(model, threads) : RocketModel.Load(model, new RocketOptions { Threads = threads });
                    return Score(scorer, text, stream, TokenWindows.Cut(stream.Ids, starts, tokens), session);
                })));
            }

            session.Write(() => ToJson(model, results), terminal => terminal.Out.Write(PerplexityTable.Create(results)));
            return 0;
        });
    }

    private static TokenStream ReadText(string model, string text)
    {
        Tokenizer? tokenizer = Tokenizer.FilesIn(model).Count > 0 ? Tokenizer.Load(model) : null;
        return TokenStream.Concatenate(
            CorpusReader.Read(text), tokenizer is null ? null : tokenizer.Encode, tokenizer is { AddsBeginOfSequence: true }, new SourceLocation(text));
    }

    private static PerplexityResult Score(ITokenScorer scorer, string text, TokenStream stream, IReadOnlyList<int[]> windows, Session session)
    {
        var progress = new StageReport(done => session.Log.Progress(new StageProgress(text, EvaluateStage.Name, (int)(done * Percent), Percent, 1)));
        return PerplexityEvaluator.Evaluate(scorer, windows, stream.Ids.Length, stream.Words, stream.Bytes, progress, session.CancellationToken);
    }

    private static JsonObject ToJson(string model, List<TextPerplexity> results)
    {
        JsonObject[] nodes = [.. results.Select(result =>
        {
            JsonObject node = JsonOutput.Node(result.Result).AsObject();
            node.Insert(0, "text", result.Text);
            return node;
        })];
        if (nodes.Length == 1)
        {
            nodes[0].Insert(0, "model", model);
            return nodes[0];
        }

        return new JsonObject { ["model"] = model, ["texts"] = new JsonArray([.. nodes]) };
    }

    private static int AtLeast(int least, string option, int value)
        => value >= least ? value : throw CommandLineErrors.BadValue(option, $"{value}", $"at least {least}");

    // Progress<T> would report from another thread, after the fact.
    private sealed class StageReport(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
