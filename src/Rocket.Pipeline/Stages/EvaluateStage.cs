using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rocket.Compression.Evaluation;
using Rocket.Compression.Execution;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Corpora;

namespace Rocket.Pipeline.Stages;

/// <summary>Measures a model folder, dense or compressed.</summary>
/// <param name="context">The run.</param>
/// <param name="model">Name of the model.</param>
public sealed class EvaluateStage(BuildContext context, string model)
{
    /// <summary>The stage's name.</summary>
    public const string Name = "evaluate";

    private const int Version = 1;
    private const string ResultFile = "perplexity.json";

    // A ruined model's perplexity may be infinite.
    private static readonly JsonSerializerOptions Options = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Perplexity of a model folder on a text, from the store where it was measured before.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="modelKey">Digest of the model's content.</param>
    /// <param name="text">The tokenised text.</param>
    /// <param name="textKey">Key of the tokenised text.</param>
    /// <param name="windows">Number of windows.</param>
    /// <param name="length">Tokens a window.</param>
    /// <param name="location">The place that asks for them, for errors.</param>
    public PerplexityResult Perplexity(string folder, Digest modelKey, TokenStream text, Digest textKey, int windows, int length, SourceLocation? location)
    {
        ArgumentNullException.ThrowIfNull(text);
        ImmutableArray<int> starts = TokenWindows.ForEvaluation(text.Ids.Length, length, windows, location);
        Digest key = new KeyBuilder(Name, Version)
            .Add("model", modelKey)
            .Add("text", textKey)
            .Add("windows", windows)
            .Add("length", length)
            .Build();
        string path = context.ObtainFile(key, new ActionLabel(Name, model), ResultFile, () =>
        {
            context.RequireRuntime();
            using IDisposable time = context.Measurements.Time(Name);
            using TorchScorer scorer = TorchScorer.Open(folder, context.Units.Threads, context.Store.ScratchFolder);
            PerplexityResult result = PerplexityEvaluator.Evaluate(
                scorer, TokenWindows.Cut(text.Ids, starts, length), text.Ids.Length, text.Words, text.Bytes, null, context.CancellationToken);
            return [context.Put(ResultFile, JsonSerializer.SerializeToUtf8Bytes(result, Options))];
        });
        return JsonSerializer.Deserialize<PerplexityResult>(File.ReadAllBytes(path), Options) ?? throw new InvalidDataException("The evaluation is empty.");
    }
}
