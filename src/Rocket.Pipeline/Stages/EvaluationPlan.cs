using System.Collections.Immutable;
using Rocket.Compression.Execution;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Corpora;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>Measures model folders as a manifest's <c>evaluate</c> asks; the dense model's states over a text are made once for all budgets.</summary>
internal sealed class EvaluationPlan(BuildContext context, string model, string manifestFolder, EvaluateManifest? evaluate, SourceModel source) : IDisposable
{
    private readonly EvaluateStage _stage = new(context, model);
    private readonly TokenizeStage _tokenize = new(context, model, source);
    private readonly Dictionary<string, ReferenceStates> _references = new(StringComparer.Ordinal);
    private TorchScorer? _dense;

    /// <summary>Measures a folder.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="key">Digest of its content.</param>
    public ModelQuality Measure(string folder, Digest key)
    {
        if (evaluate is null)
        {
            return ModelQuality.None;
        }

        bool isSource = key == source.DigestOfModel();
        var texts = ImmutableArray.CreateBuilder<TextPerplexity>();
        foreach (CorpusFile file in CorpusFiles.Expand(evaluate.Perplexity, manifestFolder))
        {
            TokenStream stream = _tokenize.Load([file], evaluate.Location);
            var windows = new TextWindows(stream, _tokenize.KeyOf([file]), evaluate.Windows.Value, evaluate.SequenceLength.Value, evaluate.Windows.Location);
            DenseReference? dense = isSource || !evaluate.Agreement ? null : new DenseReference(source.DigestOfModel(), () => Reference(file.Path, windows));
            texts.Add(new TextPerplexity(file.Name, _stage.Perplexity(folder, key, windows, dense)));
        }

        var tasks = ImmutableArray.CreateBuilder<TaskResult>();
        var scored = new ScoredModel(ScoredModel.KeyOn(context.Device, key), source.DigestOfTokenizer(), text => source.Tokenizer.Encode(text, source.Tokenizer.AddsBeginOfSequence), () => Open(folder));
        foreach (CorpusFile file in CorpusFiles.Expand(evaluate.Tasks, manifestFolder))
        {
            tasks.Add(_stage.Task(scored, file, evaluate.Limit?.Value));
        }

        return new(texts.ToImmutable(), tasks.ToImmutable());
    }

    /// <summary>Forgets the dense model's states.</summary>
    public void Dispose()
    {
        foreach (ReferenceStates states in _references.Values)
        {
            states.Dispose();
        }

        _references.Clear();
        _dense?.Dispose();
        _dense = null;
    }

    private TorchScorer Open(string folder)
    {
        context.RequireRuntime();
        return TorchScorer.Open(folder, context.UnitsOf(EvaluateStage.Name).Threads, context.Store.ScratchFolder, context.Device);
    }

    private ReferenceStates Reference(string text, TextWindows windows)
    {
        if (!_references.TryGetValue(text, out ReferenceStates? states))
        {
            _dense ??= Open(source.Folder);
            states = _dense.Reference(windows.Cut(), context.CancellationToken);
            _references.Add(text, states);
        }

        return states;
    }
}
