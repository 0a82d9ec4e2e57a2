using System.Collections.Immutable;
using Rocket.Compression.Profiling;
using Rocket.Models.Architectures;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Dependencies;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>One model of a manifest on its way: Resolve, Calibrate, Profile, Allocate, Factorize, Assemble, Evaluate.</summary>
public sealed partial class ModelBuild : IDisposable
{
    private readonly BuildContext _context;
    private readonly ModelManifest _model;
    private readonly SourceModel _source;
    private readonly CalibrationText _text;
    private readonly LinearCandidates _candidates;
    private readonly CalibrationGroups _groups;
    private readonly ICalibration _calibrate;
    private readonly IBackwardPass? _backward;
    private readonly VocabularyStage? _vocabulary;
    private readonly AllocateStage _allocate;
    private readonly LinearTask _task;
    private readonly FactorizeStage _factorize;
    private readonly AssembleStage _assemble;
    private readonly EvaluationPlan _evaluation;

    private ModelBuild(BuildContext context, RocketManifest manifest, ModelManifest model, SourceModel source, CalibrationText text)
    {
        _context = context;
        _model = model;
        _source = source;
        _text = text;
        MethodManifest method = model.Method;
        _candidates = LinearCandidates.Of(source, hasWholes: !method.IsPaper, model.Includes);
        OptionGrid grid = Grid(model.Grid, method);
        _groups = CalibrationGroups.Create(context, model.Name, source, text.Sample, model.Calibration, method.UsesOutputs);
        _calibrate = _groups.Forward;
        _backward = _groups.Backward;
        _vocabulary = _backward is not null && model.Includes != VocabularyParts.None ? new VocabularyStage(context, model.Name, source, _groups.Groups) : null;
        _task = new LinearTask(source, _calibrate, method, _backward, _vocabulary);
        var profile = new ProfileStage(context, model.Name, _task, grid);
        ProfileStage? quantized = model.Values.Quantizations.IsEmpty ? null : new ProfileStage(context, model.Name, _task, grid with { Quantizations = model.Values.Quantizations });
        CostUnit unit = method.IsPaper ? CostUnit.WeightError : method.HasNats ? CostUnit.Nats : CostUnit.OutputError;
        _allocate = new AllocateStage(context, model.Name, source, _candidates, profile, quantized, model.Values.HasFloats, unit, model.Constraints);
        _factorize = new FactorizeStage(context, model.Name, _task);
        var header = new ProvenanceHeader(
            model.Name,
            source.Spec.ModelType,
            source.DigestOfModel(),
            source.Checkpoint.Files.Sum(file => FileStamp.Follow(file).Length),
            text.Corpus,
            model.Calibration.Samples.Value,
            model.Calibration.SequenceLength.Value,
            model.Calibration.Seed,
            method.UsesOutputs ? model.Calibration.BackwardSamples.Value : null,
            method.IsSequential,
            model.Calibration.Groups.Value,
            context.Device.IsCpu ? null : context.Device.Name)
        { Steps = method.Steps };
        _assemble = new AssembleStage(context, source, _candidates, FactorsOf, header);
        _evaluation = new EvaluationPlan(context, model.Name, manifest.Folder, model.Evaluate, source);
        var memory = RunMemory.For(source, _candidates, model);
        context.Expect(memory);
        Estimate = RunEstimate.For(
            source, _candidates, text.Sample, method.UsesOutputs ? model.Calibration.BackwardSamples.Value : 0, Profiles().Select(stage => stage.Grid), memory, context.UnitsOf);
    }

    /// <summary>Time and memory that the model's build would take from an empty store.</summary>
    public RunEstimate Estimate { get; }

    /// <summary>Full paths of the source's weight files.</summary>
    public IReadOnlyList<string> CheckpointFiles => _source.Checkpoint.Files;

    /// <summary>Opens a model of a manifest: source, calibration text, windows. Nothing is computed but token ids.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">Source or corpus cannot be used.</exception>
    public static ModelBuild Open(BuildContext context, RocketManifest manifest, ModelManifest model)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(model);
        SourceModel source = SourceModel.Open(manifest.SourceFolderOf(model), context.Store, context.Memo);
        try
        {
            var text = CalibrationText.Draw(model.Calibration, manifest.Folder, new TokenizeStage(context, model.Name, source));
            return new ModelBuild(context, manifest, model, source, text);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Calibrates and profiles what is not in the store yet, and solves the knapsack.</summary>
    public CompressionPlan Plan(BudgetManifest budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        if (!_context.BringEach([_allocate.KeyOf(budget)])[0])
        {
            Profile(budget.Kind);
        }

        using IDisposable time = _context.Begin(AllocateStage.Name);
        return _allocate.Load(budget);
    }

    /// <summary>What other budgets would make of the model: nothing is kept but the profiles.</summary>
    /// <param name="kind">What is limited: a removed share, or bits a weight.</param>
    /// <param name="limits">The limits.</param>
    public ImmutableArray<WhatIfPoint> WhatIf(BudgetKind kind, IEnumerable<decimal> limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        Profile(kind);
        using IDisposable time = _context.Begin(AllocateStage.Name);
        return [.. limits.Select(limit => WhatIf(kind, limit))];
    }

    /// <summary>Foretells the bytes of a plan's safetensors files, headers, masks and the fixed part included.</summary>
    public long BytesOf(CompressionPlan plan) => _allocate.BytesOf(plan);

    /// <summary>Builds the artifact of a budget and lays it under <c>OUTPUT/MODEL/BUDGET</c>.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="output">The output folder.</param>
    /// <param name="exports">What to lay beside it, under <c>OUTPUT/MODEL/BUDGET-NAME</c> each.</param>
    public BudgetResult Build(BudgetManifest budget, string output, IReadOnlyList<ArtifactExport> exports)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(exports);
        CompressionPlan plan = Plan(budget);
        Factorize(budget.Name, plan);
        string folder = Path.Combine(output, _model.Name, budget.Name);
        using IDisposable time = _context.Begin(AssembleStage.Name);
        (ImmutableArray<OutputFile> files, bool isNew) = Lay(budget, plan, null, folder);
        foreach (ArtifactExport export in exports)
        {
            Lay(budget, plan, export, $"{folder}-{export.Name}");
        }

        long bytes = files.Where(file => file.Path.EndsWith(".safetensors", StringComparison.Ordinal)).Sum(file => file.Size);
        return new BudgetResult(budget.Name, folder, plan, bytes, isNew);
    }

    /// <summary>Measures an artifact as the manifest's <c>evaluate</c> asks.</summary>
    public ModelQuality Evaluate(BudgetManifest budget, BudgetResult result)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(result);
        return _evaluation.Measure(result.Folder, _assemble.KeyOf(budget.Name, result.Plan, null));
    }

    /// <summary>Measures the source model in the same way.</summary>
    public SourceResult EvaluateSource() => new(
        _source.Folder,
        _source.Checkpoint.Files.Sum(file => FileStamp.Follow(file).Length),
        _source.Linears.Sum(l => l.Linear.Parameters),
        _evaluation.Measure(_source.Folder, _source.DigestOfModel()));

    /// <inheritdoc/>
    public void Dispose()
    {
        _evaluation.Dispose();
        _source.Dispose();
    }

    // A file of the artifact that was damaged in the store is found when it is copied, and put together again.
    private (ImmutableArray<OutputFile> Files, bool IsNew) Lay(BudgetManifest budget, CompressionPlan plan, ArtifactExport? dense, string folder)
    {
        ImmutableArray<OutputFile> files = _assemble.Files(budget.Name, plan, dense);
        try
        {
            return (files, ArtifactFolder.Lay(_context, files, folder));
        }
        catch (RocketException exception) when (OutputErrors.IsBlobVanished(exception))
        {
            files = _assemble.Files(budget.Name, plan, dense);
            return (files, ArtifactFolder.Lay(_context, files, folder));
        }
    }

    private static OptionGrid Grid(GridManifest grid, MethodManifest method) => new(
        method.HasDictionary ? Decimals(grid.Ratio) : [],
        method.HasDictionary ? Decimals(grid.AtomsPerCoefficient) : [],
        method.HasSparse ? Decimals(grid.Share) : [])
    {
        IsSurveyed = method.HasDictionary && !grid.EvaluatesAll,
    };

    private static ImmutableArray<decimal> Decimals(DecimalRange range)
        => [.. Enumerable.Range(0, range.Count).Select(i => range.From + (i * range.Step))];

    private WhatIfPoint WhatIf(BudgetKind kind, decimal limit)
    {
        var budget = new BudgetManifest { Name = "what-if", Location = _model.Location, Kind = kind, Limit = new(limit, _model.Location) };
        try
        {
            CompressionPlan plan = _allocate.Solve(budget);
            return new WhatIfPoint(kind, limit, plan, BytesOf(plan));
        }
        catch (RocketException exception) when (PlanErrors.IsOutOfReach(exception))
        {
            return new WhatIfPoint(kind, limit, null, 0);
        }
    }

    private static string BlockName(int block) => $"block {block}";

    // Every kind of profile that a budget of the manifest needs.
    private ImmutableArray<ProfileStage> Profiles() => [.. _model.Budgets.SelectMany(budget => _allocate.ProfilesFor(budget.Kind)).Distinct()];

    private void Profile(BudgetKind kind)
    {
        ImmutableArray<ProfileUnit> units = ProfileUnit.Of(_allocate.ProfilesFor(kind), _candidates);
        bool[] has = _context.BringEach([.. units.Select(unit => unit.Key)]);
        ImmutableArray<ProfileUnit> missing = [.. units.Where((_, i) => !has[i])];
        Profile(missing, missing, units.Length);
    }

    private void Profile(ImmutableArray<ProfileUnit> chosen, ImmutableArray<ProfileUnit> missing, int total)
    {
        Prepare(missing);
        if (chosen.IsEmpty)
        {
            return;
        }

        using IDisposable time = _context.Begin(ProfileStage.Name);
        var counter = new ProgressCounter(_context, _model.Name, ProfileStage.Name, total, total - chosen.Length);

        // The largest first, so that no thread is left alone with one at the end.
        ProfileUnit[] order = [.. chosen.OrderByDescending(unit => unit.Linear.Parameters)];
        _context.UnitsOf(ProfileStage.Name).Run(order.Length, n => counter.Add(order[n].Stage.Ensure(order[n].Block, order[n].Linear), order[n].Linear.Key), _context.CancellationToken);
    }

    // Embedding and head need both passes to their ends.
    private void Prepare(ImmutableArray<ProfileUnit> missing)
    {
        bool hasVocabulary = missing.Any(unit => unit.IsOfVocabulary);
        ImmutableArray<int> blocks = hasVocabulary
            ? [.. _source.Spec.Blocks.Select(block => block.Index)]
            : [.. missing.Select(unit => unit.Block.Index).Distinct().Order()];
        if (blocks.IsEmpty)
        {
            return;
        }

        Calibrate(blocks);
        RunBackward(blocks);
        if (hasVocabulary)
        {
            using IDisposable time = _context.Begin(BackwardStage.Name);
            _vocabulary!.Ensure();
        }
    }

    private void Calibrate(ImmutableArray<int> blocks)
    {
        using IDisposable time = _context.Begin(CalibrateStage.Name);
        var counter = new ProgressCounter(_context, _model.Name, CalibrateStage.Name, blocks.Length, 0);
        foreach (int block in blocks)
        {
            counter.Add(_calibrate.Ensure(block), BlockName(block));
        }
    }

    private void RunBackward(ImmutableArray<int> blocks)
    {
        if (_backward is null)
        {
            return;
        }

        using IDisposable time = _context.Begin(BackwardStage.Name);
        var counter = new ProgressCounter(_context, _model.Name, BackwardStage.Name, blocks.Length, 0);
        foreach (int block in blocks.Reverse())
        {
            counter.Add(_backward.Ensure(block), BlockName(block));
        }
    }

    private IFactorSource FactorsOf(CompressionPlan plan)
        => _model.Method.IsSequential ? new CorrectStage(_context, _model.Name, _source, _candidates, _calibrate, _task, _factorize, plan) : _factorize;

    private void Factorize(string budget, CompressionPlan plan)
    {
        if (FactorsOf(plan) is CorrectStage correct)
        {
            Correct(budget, correct);
            return;
        }

        PlanEntry[] factored = [.. plan.Entries.Where(entry => entry.Option is not null)];

        // Assembling needs them all: what the remote cache has comes here at once, and what it cannot give is computed below.
        _context.BringEach([.. factored.Select(KeyOf)]);
        Factorize($"{_model.Name}/{budget}", factored);
    }

    private void Factorize(string name, PlanEntry[] factored)
    {
        using IDisposable time = _context.Begin(FactorizeStage.Name);
        var counter = new ProgressCounter(_context, name, FactorizeStage.Name, factored.Length, 0);
        _context.UnitsOf(ProfileStage.Name).Run(
            factored.Length,
            i =>
            {
                (BlockSpec block, LinearSpec linear) = _candidates.Find(factored[i].Linear);
                counter.Add(_factorize.Ensure(block, linear, factored[i].Option!), linear.Key);
            },
            _context.CancellationToken);
    }

    private void Correct(string budget, CorrectStage correct)
    {
        using IDisposable time = _context.Begin(CorrectStage.Name);
        var counter = new ProgressCounter(_context, $"{_model.Name}/{budget}", CorrectStage.Name, correct.Blocks, 0);
        for (int block = 0; block < correct.Blocks; block++)
        {
            counter.Add(correct.Ensure(block), BlockName(block));
        }
    }
}
