using System.Collections.Immutable;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Cost;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Stages;

namespace Rocket.Tool.Commands;

/// <summary>A model with all its budgets built and measured.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Source">The source as measured.</param>
/// <param name="Budgets">The artifacts in the manifest's order, with what was measured of them.</param>
/// <param name="Measurements">What the run took.</param>
internal sealed record BuiltModel(
    string Name, SourceResult Source, ImmutableArray<(BudgetResult Result, ModelQuality Quality)> Budgets, RunMeasurements Measurements)
{
    private const string PowercapVariable = "ROCKET_POWERCAP";
    private const string EvaluateStageName = "evaluate";

    /// <summary>Builds every budget, then measures the source and all artifacts.</summary>
    public static BuiltModel Build(OpenModel model, Session session, string output, IReadOnlyList<ArtifactExport> exports, CostAssumptions assumptions)
    {
        using var meter = CostMeter.Start(assumptions, Environment.GetEnvironmentVariable(PowercapVariable) is { Length: > 0 } powercap ? powercap : null);
        foreach (BudgetManifest budget in model.Manifest.Budgets)
        {
            ArtifactFolder.Prepare(Path.Combine(output, model.Manifest.Name, budget.Name));
        }

        BudgetResult[] results = [.. model.Manifest.Budgets.Select(budget => model.Build.Build(budget, output, exports))];
        SourceResult source = model.Build.EvaluateSource();
        int total = source.Quality.Texts.IsEmpty && source.Quality.Tasks.IsEmpty ? 0 : results.Length + 1;
        var budgets = ImmutableArray.CreateBuilder<(BudgetResult, ModelQuality)>();
        foreach ((BudgetManifest budget, BudgetResult result) in model.Manifest.Budgets.Zip(results))
        {
            Report();
            budgets.Add((result, model.Build.Evaluate(budget, result)));
        }

        Report();
        RunCost cost = meter.Read();
        foreach ((BudgetResult result, ModelQuality quality) in budgets)
        {
            RunRecord.Write(output, model.Manifest.Name, source, result, quality, model.Context, cost);
        }

        ReportPage.Write(Path.Combine(output, model.Manifest.Name));

        return new BuiltModel(model.Manifest.Name, source, budgets.ToImmutable(), model.Context.Measurements);

        void Report()
        {
            if (total > 0)
            {
                int computed = model.Context.Measurements.Computed.GetValueOrDefault(EvaluateStageName);
                session.Log.Progress(new StageProgress(model.Manifest.Name, EvaluateStageName, budgets.Count + 1, total, computed));
            }
        }
    }
}
