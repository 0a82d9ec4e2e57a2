using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rocket.Compression.Evaluation;
using Rocket.Compression.Execution;
using Rocket.Models.Scoring;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Corpora;
using Rocket.Pipeline.Tasks;

namespace Rocket.Pipeline.Stages;

/// <summary>Measures a model folder, dense or compressed.</summary>
/// <param name="context">The run.</param>
/// <param name="model">Name of the model.</param>
public sealed class EvaluateStage(BuildContext context, string model)
{
    /// <summary>The stage's name.</summary>
    public const string Name = "evaluate";

    private const int Version = 3;
    private const int TaskVersion = 3;
    private const string ResultFile = "perplexity.json";
    private const string AnswersFile = "answers.json";

    // Items that are answered together: what a stopped run loses at most.
    private const int ItemsAtOnce = 50;

    // A ruined model's perplexity may be infinite.
    private static readonly JsonSerializerOptions Options = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Perplexity of a model folder on a text, from the store where it was measured before.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="modelKey">Digest of the model's content.</param>
    /// <param name="windows">What is measured.</param>
    /// <param name="dense">The dense model to compare with in the same pass; null: none.</param>
    public PerplexityResult Perplexity(string folder, Digest modelKey, TextWindows windows, DenseReference? dense)
    {
        ArgumentNullException.ThrowIfNull(windows);
        IReadOnlyList<int[]> cut = windows.Cut();
        KeyBuilder key = new KeyBuilder(Name, Version).Add("model", modelKey).Add("text", windows.Key);
        key = (windows.Count is { } count ? key.Add("windows", count) : key.Add("windows", "rolling")).Add("length", windows.Length).Add("device", context.Device);
        if (dense is not null)
        {
            key.Add("dense", dense.Model);
        }

        string path = context.ObtainFile(key.Build(), new ActionLabel(Name, model), ResultFile, () =>
        {
            context.RequireRuntime();
            using IDisposable time = context.Begin(Name);
            using TorchScorer scorer = TorchScorer.Open(folder, context.UnitsOf(Name).Threads, context.Store.ScratchFolder, context.Device);
            TokenStream text = windows.Text;
            PerplexityResult result = dense is null
                ? PerplexityEvaluator.Evaluate(scorer, cut, text.Ids.Length, text.Words, text.Bytes, null, context.CancellationToken)
                : PerplexityEvaluator.Evaluate(scorer, dense.States(), cut, text.Ids.Length, text.Words, text.Bytes, null, context.CancellationToken);
            return [context.Put(ResultFile, JsonSerializer.SerializeToUtf8Bytes(result, Options))];
        });
        return JsonSerializer.Deserialize<PerplexityResult>(File.ReadAllBytes(path), Options) ?? throw new InvalidDataException("The evaluation is empty.");
    }

    /// <summary>A model's answers to a zero-shot task; those that were given before come from the store, some items at once.</summary>
    /// <param name="scored">The model.</param>
    /// <param name="file">The task.</param>
    /// <param name="limit">Most items, from the first on; null: all.</param>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT312x: the file is no task.</exception>
    public TaskResult Task(ScoredModel scored, CorpusFile file, int? limit)
    {
        ArgumentNullException.ThrowIfNull(scored);
        ArgumentNullException.ThrowIfNull(file);
        ImmutableArray<TaskItem> items = TaskReader.Read(file.Path, limit);
        TaskItem[][] chunks = [.. items.Chunk(ItemsAtOnce)];
        var counter = new ProgressCounter(context, model, $"{Name} {Path.GetFileNameWithoutExtension(file.Name)}", chunks.Length, 0);
        List<TaskAnswers> parts = [];
        ITokenScorer? scorer = null;
        try
        {
            foreach (TaskItem[] chunk in chunks)
            {
                (TaskAnswers answers, bool isNew) = Answer(scored, chunk, () => scorer ??= scored.Open());
                parts.Add(answers);
                counter.Add(isNew);
            }
        }
        finally
        {
            scorer?.Dispose();
        }

        return new TaskResult(file.Name, items[0].Kind == TaskKind.MultipleChoice, TaskAnswers.Join(parts));
    }

    private (TaskAnswers Answers, bool IsNew) Answer(ScoredModel scored, TaskItem[] items, Func<ITokenScorer> open)
    {
        bool isNew = false;
        Digest key = new KeyBuilder("answer", TaskVersion)
            .Add("model", scored.Key)
            .Add("tokenizer", scored.Tokenizer)
            .Add("items", Digest.Of(JsonSerializer.SerializeToUtf8Bytes(items)))
            .Build();
        string path = context.ObtainFile(key, new ActionLabel(Name, model), AnswersFile, () =>
        {
            using IDisposable time = context.Measurements.Time(Name);
            TaskAnswers answers = TaskEvaluator.Answer(open(), items, scored.Encode, null, context.CancellationToken);
            isNew = true;
            return [context.Put(AnswersFile, JsonSerializer.SerializeToUtf8Bytes(answers))];
        });
        return (JsonSerializer.Deserialize<TaskAnswers>(File.ReadAllBytes(path)) ?? throw new InvalidDataException("The answers are empty."), isNew);
    }
}
