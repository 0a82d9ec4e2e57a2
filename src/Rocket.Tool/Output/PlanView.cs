using System.Globalization;
using System.Text.Json.Nodes;
using Rocket.Compression.Factorization;
using Rocket.Pipeline.Stages;

namespace Rocket.Tool.Output;

/// <summary>A plan that was just made.</summary>
internal static class PlanView
{
    public static void Render(Terminal terminal, string title, CompressionPlan plan)
    {
        terminal.WriteLine("");
        terminal.WriteLine($"{title}: {Summary(plan)}");
        terminal.Out.Write(PlanTable.Create([.. plan.Entries.Select(PlanCell.Of)]));
        terminal.WriteLine($"  {PlanTable.Legend}");
    }

    public static string Summary(CompressionPlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"removes {Amounts.Percent(plan.RemovedShare)} of {Amounts.Count(plan.DenseParameters)} parameters, {Cost(plan.Unit)} {plan.Cost:0.######} {(plan.IsProven ? "(proven optimal)" : $"(at most {plan.Cost - plan.Bound:0.######} above the optimum)")}");

    private static string Cost(CostUnit unit) => unit switch
    {
        CostUnit.Nats => "predicted loss in nats a token",
        CostUnit.OutputError => "sum of squared output errors",
        _ => "sum of weight errors",
    };

    public static JsonObject ToJson(string budget, CompressionPlan plan)
    {
        var linears = new JsonArray();
        foreach (PlanEntry entry in plan.Entries)
        {
            linears.Add(new JsonObject
            {
                ["name"] = entry.Linear,
                ["block"] = entry.Block,
                ["form"] = PlanCell.FormOf(entry),
                ["k"] = (entry.Option as DictionaryOption)?.K,
                ["s"] = (entry.Option as DictionaryOption)?.S,
                ["share"] = (entry.Option as SparseOption)?.Share,
                ["parameters"] = entry.Parameters,
                ["denseParameters"] = (long)entry.DIn * entry.DOut,
                ["predicted"] = entry.Option is null ? null : JsonOutput.Node(entry.Predicted),
            });
        }

        return new JsonObject
        {
            ["budget"] = budget,
            ["remove"] = plan.Remove,
            ["removedShare"] = plan.RemovedShare,
            ["keptParameters"] = plan.KeptParameters,
            ["denseParameters"] = plan.DenseParameters,
            ["costUnit"] = plan.Unit.ToString(),
            ["cost"] = plan.Cost,
            ["bound"] = plan.Bound,
            ["proven"] = plan.IsProven,
            ["linears"] = linears,
        };
    }
}
