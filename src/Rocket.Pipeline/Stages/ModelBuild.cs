using System.Collections.Immutable;
using Rocket.Compression.Profiling;
using Rocket.Models.Architectures;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>One model of a manifest on its way: Resolve, Calibrate, Profile, Allocate, Factorize, Assemble, Evaluate.</summary>
public sealed class ModelBuild : IDisposable
{
    private readonly BuildContext _context;
    private readonly ModelManifest _model;
    private readonly SourceModel _source;
    private readonly LinearCandidates _candidates;
    private readonly CalibrateStage _calibrate;
    private readonly BackwardStage? _backward;
    private readonly ProfileStage _profile;
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
        MethodManifest method = model.Method;
        _candidates = LinearCandidates.Of(source, hasWholes: !method.IsPaper);
        OptionGrid grid = Grid(model.Grid, method);
        _calibrate = new CalibrateStage(context, model.Name, source, text.Sample);
        _backward = method.UsesOutputs ? new BackwardStage(context, model.Name, source, _calibrate, model.Calibration.BackwardSamples.Value) : null;
        _task = new LinearTask(source, _calibrate, method, _backward);
        _profile = new ProfileStage(context, model.Name, _task, grid);
        CostUnit unit = method.IsPaper ? CostUnit.WeightError : method.UsesOutputs ? CostUnit.Nats : CostUnit.OutputError;
        _allocate = new AllocateStage(context, model.Name, source, _candidates, _profile, unit, model.Constraints);
        _factorize = new FactorizeStage(context, model.Name, _task);
        var header = new ProvenanceHeader(
            model.Name,
            source.Spec.ModelType,
            source.DigestOfModel(),
            source.Checkpoint.Files.Sum(file => new FileInfo(file).Length),
            text.Corpus,
            model.Calibration.Samples.Value,
            model.Calibration.SequenceLength.Value,
            model.Calibration.Seed,
            method.UsesOutputs ? model.Calibration.BackwardSamples.Value : null,
            method.IsSequential);
        _assemble = new AssembleStage(context, source, _candidates, FactorsOf, header);
        _evaluation = new EvaluationPlan(context, model.Name, manifest.Folder, model.Evaluate, source);
        Estimate = RunEstimate.For(source, _candidates, text.Sample, method.UsesOutputs ? model.Calibration.BackwardSamples.Value : 0, grid, context.Units.Threads);
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
        SourceModel source = SourceModel.Open(Path.GetFullPath(Path.Combine(manifest.Folder, model.Source.Value)), context.Store, context.Memo);
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
        if (!_context.Has(_allocate.KeyOf(budget)))
        {
            Profile();
        }

        using IDisposable time = _context.Measurements.Time(AllocateStage.Name);
        return _allocate.Load(budget);
    }

    /// <summary>What shares to remove would make of the model: nothing is kept but the profiles.</summary>
    public ImmutableArray<WhatIfPoint> WhatIf(IEnumerable<decimal> shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        Profile();
        using IDisposable time = _context.Measurements.Time(AllocateStage.Name);
        return [.. shares.Select(WhatIf)];
    }

    /// <summary>Foretells the bytes of a plan's safetensors files, headers, masks and the fixed part included.</summary>
    public long BytesOf(CompressionPlan plan) => _allocate.BytesOf(plan);

    /// <summary>Builds the artifact of a budget and lays it under <c>OUTPUT/MODEL/BUDGET</c>.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="output">The output folder.</param>
    /// <param name="dense">Also lay a dense export under <c>OUTPUT/MODEL/BUDGET-dense</c>; null for none.</param>
    public BudgetResult Build(BudgetManifest budget, string output, DenseExport? dense)
    {
        ArgumentNullException.ThrowIfNull(budget);
        CompressionPlan plan = Plan(budget);
        Factorize(budget.Name, plan);
        string folder = Path.Combine(output, _model.Name, budget.Name);
        using IDisposable time = _context.Measurements.Time(AssembleStage.Name);
        ImmutableArray<OutputFile> files = _assemble.Files(budget.Name, plan, null);
        bool isNew = ArtifactFolder.Lay(_context, files, folder);
        if (dense is not null)
        {
            ArtifactFolder.Lay(_context, _assemble.Files(budget.Name, plan, dense), folder + "-dense");
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
        _source.Checkpoint.Files.Sum(file => new FileInfo(file).Length),
        _source.Linears.Sum(l => l.Linear.Parameters),
        _evaluation.Measure(_source.Folder, _source.DigestOfModel()));

    /// <inheritdoc/>
    public void Dispose()
    {
        _evaluation.Dispose();
        _source.Dispose();
    }

    private static OptionGrid Grid(GridManifest grid, MethodManifest method) => new(
        method.HasDictionary ? Decimals(grid.Ratio) : [],
        method.HasDictionary ? Decimals(grid.AtomsPerCoefficient) : [],
        method.HasSparse ? Decimals(grid.Share) : []);

    private static ImmutableArray<decimal> Decimals(DecimalRange range)
        => [.. Enumerable.Range(0, range.Count).Select(i => range.From + (i * range.Step))];

    private WhatIfPoint WhatIf(decimal share)
    {
        var budget = new BudgetManifest { Name = "what-if", Location = _model.Location, Kind = BudgetKind.Remove, Limit = new(share, _model.Location) };
        try
        {
            CompressionPlan plan = _allocate.Solve(budget);
            return new WhatIfPoint(share, plan, BytesOf(plan));
        }
        catch (RocketException exception) when (PlanErrors.IsOutOfReach(exception))
        {
            return new WhatIfPoint(share, null, 0);
        }
    }

    private static string BlockName(int block) => $"block {block}";

    private void Profile()
    {
        ImmutableArray<(BlockSpec Block, LinearSpec Linear)> linears = _candidates.All;
        int[] missing = [.. linears.Select((l, i) => (l, i)).Where(x => !_context.Has(_profile.KeyOf(x.l.Block, x.l.Linear))).Select(x => x.i)];
        if (missing.Length == 0)
        {
            return;
        }

        Calibrate();
        RunBackward();
        using IDisposable time = _context.Measurements.Time(ProfileStage.Name);
        var counter = new ProgressCounter(_context, _model.Name, ProfileStage.Name, linears.Length, linears.Length - missing.Length);

        // The largest first, so that no thread is left alone with one at the end.
        int[] order = [.. missing.OrderByDescending(i => linears[i].Linear.Parameters).ThenBy(i => i)];
        _context.Units.Run(order.Length, n => counter.Add(_profile.Ensure(linears[order[n]].Block, linears[order[n]].Linear), linears[order[n]].Linear.Key), _context.CancellationToken);
    }

    private void Calibrate()
    {
        using IDisposable time = _context.Measurements.Time(CalibrateStage.Name);
        var counter = new ProgressCounter(_context, _model.Name, CalibrateStage.Name, _source.Spec.Blocks.Length, 0);
        foreach (BlockSpec block in _source.Spec.Blocks)
        {
            counter.Add(_calibrate.Ensure(block.Index), BlockName(block.Index));
        }
    }

    private void RunBackward()
    {
        if (_backward is null)
        {
            return;
        }

        using IDisposable time = _context.Measurements.Time(BackwardStage.Name);
        var counter = new ProgressCounter(_context, _model.Name, BackwardStage.Name, _source.Spec.Blocks.Length, 0);
        for (int block = _source.Spec.Blocks.Length - 1; block >= 0; block--)
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

        using IDisposable time = _context.Measurements.Time(FactorizeStage.Name);
        PlanEntry[] factored = [.. plan.Entries.Where(entry => entry.Option is not null)];
        var counter = new ProgressCounter(_context, $"{_model.Name}/{budget}", FactorizeStage.Name, factored.Length, 0);
        _context.Units.Run(
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
        using IDisposable time = _context.Measurements.Time(CorrectStage.Name);
        var counter = new ProgressCounter(_context, $"{_model.Name}/{budget}", CorrectStage.Name, correct.Blocks, 0);
        for (int block = 0; block < correct.Blocks; block++)
        {
            counter.Add(correct.Ensure(block), BlockName(block));
        }
    }
}
