using Rocket.Compression.Evaluation;
using Rocket.Compression.Execution;
using Rocket.Inference;
using Rocket.Models.Diagnostics;
using Rocket.Models.Scoring;
using Rocket.Models.Tokenization;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Corpora;
using Rocket.Pipeline.Sources;
using Rocket.Pipeline.Stages;

namespace Rocket.Tool.Commands;

/// <summary>Measures folders that no manifest names.</summary>
internal sealed class FolderEvaluation(BuildContext context, Session session, bool usesTorch)
{
    private const int Percent = 100;

    // Another number means other last bits of the runtime's sums.
    private const int InferenceVersion = 2;

    /// <summary>Perplexity on a text; with another model also the agreement with it.</summary>
    public TextPerplexity Measure(string model, string? other, string text, int? count, int length)
    {
        TokenStream stream = ReadText(model, text);
        IReadOnlyList<int[]> windows = new TextWindows(stream, default, count, length, new SourceLocation(text)).Cut();
        var progress = new StageReport(done => session.Log.Progress(new StageProgress(text, EvaluateStage.Name, (int)(done * Percent), Percent, 1)));
        if (other is null)
        {
            using ITokenScorer scorer = Open(model);
            return new(text, PerplexityEvaluator.Evaluate(scorer, windows, stream.Ids.Length, stream.Words, stream.Bytes, progress, session.CancellationToken));
        }

        context.RequireRuntime();
        using TorchScorer dense = TorchScorer.Open(other, context.Units.Threads, context.Store.ScratchFolder, context.Device);
        using TorchScorer compressed = TorchScorer.Open(model, context.Units.Threads, context.Store.ScratchFolder, context.Device);
        using ReferenceStates reference = dense.Reference(windows, session.CancellationToken);
        return new(text, PerplexityEvaluator.Evaluate(compressed, reference, windows, stream.Ids.Length, stream.Words, stream.Bytes, progress, session.CancellationToken));
    }

    /// <summary>Answers to a task.</summary>
    public TaskResult Answer(string model, string task, int? limit)
    {
        var tokenizer = Tokenizer.Load(model);
        Digest content = ModelFolderDigest.Of(model, context.Memo);
        Digest key = usesTorch ? ScoredModel.KeyOn(context.Device, content) : new KeyBuilder("inference", InferenceVersion).Add("model", content).Build();
        var scored = new ScoredModel(key, ModelFolderDigest.TokenizerOf(model, context.Memo), text => tokenizer.Encode(text, tokenizer.AddsBeginOfSequence), () => Open(model));
        return new EvaluateStage(context, Path.GetFileName(Path.GetFullPath(model))).Task(scored, new CorpusFile(task, Path.GetFullPath(task)), limit);
    }

    private ITokenScorer Open(string model)
    {
        if (!usesTorch)
        {
            return RocketModel.Load(model, new RocketOptions { Threads = context.Units.Threads });
        }

        context.RequireRuntime();
        return TorchScorer.Open(model, context.Units.Threads, context.Store.ScratchFolder, context.Device);
    }

    private static TokenStream ReadText(string model, string text)
    {
        Tokenizer? tokenizer = Tokenizer.FilesIn(model).Count > 0 ? Tokenizer.Load(model) : null;
        return TokenStream.Concatenate(
            CorpusReader.Read(text), tokenizer is null ? null : tokenizer.Encode, tokenizer is { AddsBeginOfSequence: true }, new SourceLocation(text));
    }

    // Progress<T> would report from another thread, after the fact.
    private sealed class StageReport(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
