using System.Globalization;
using System.Text.Json.Nodes;
using Rocket.Compression.Factorization;
using Rocket.Pipeline.Stages;

namespace Rocket.Tool.Output;

/// <summary>A plan that was just made.</summary>
internal static class PlanView
{
    /// <summary>A unit of costs, in words.</summary>
    public static string InWords(CostUnit unit) => unit switch
    {
        CostUnit.Nats => "nats a token",
        CostUnit.OutputError => "squared output error, summed over the linears",
        _ => "relative error, summed over the linears",
    };

    public static void Render(Terminal terminal, string title, CompressionPlan plan, long bytes)
    {
        terminal.WriteLine("");
        terminal.WriteLine($"{title}: {Summary(plan)}");
        terminal.Out.Write(PlanTable.Create(terminal.Out, [.. plan.Entries.Select(PlanCell.Of)]));
        terminal.WriteLine($"  {PlanTable.Legend}");
        terminal.WriteLine($"  true bytes: {Amounts.Count(bytes)} in *.safetensors, headers and masks included");
    }

    public static string Summary(CompressionPlan plan)
    {
        string smallest = plan.LeastParameters is not { } least ? ""
            : least == plan.KeptParameters ? "smallest size proven, "
            : $"smallest size within {Relative((double)(plan.KeptParameters - least) / least)}, ";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"removes {Amounts.Percent(plan.RemovedShare)} of {Amounts.Count(plan.DenseParameters)} parameters, {smallest}predicted loss {plan.Cost:0.######} ({InWords(plan.Unit)}), {(plan.IsProven ? "proven optimal" : $"optimal within {Relative(plan.Gap)}")}");
    }

    public static JsonObject ToJson(string budget, CompressionPlan plan, long bytes)
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
                ["bits"] = entry.Option?.Quantization?.Bits,
                ["groupSize"] = entry.Option?.Quantization?.GroupSize,
                ["share"] = (entry.Option as SparseOption)?.Share,
                ["parameters"] = entry.Parameters,
                ["denseParameters"] = (long)entry.DIn * entry.DOut,
                ["predicted"] = entry.Option is null ? null : JsonOutput.Node(entry.Predicted),
            });
        }

        return new JsonObject
        {
            ["budget"] = budget,
            [plan.Limit?.Key ?? "remove"] = plan.Limit?.Value ?? plan.Remove,
            ["removedShare"] = plan.RemovedShare,
            ["keptParameters"] = plan.KeptParameters,
            ["denseParameters"] = plan.DenseParameters,
            ["bytes"] = bytes,
            ["costUnit"] = plan.Unit.ToString(),
            ["cost"] = plan.Cost,
            ["bound"] = plan.Bound,
            ["proven"] = plan.IsProven,
            ["linears"] = linears,
        };
    }

    private static string Relative(double value) => value.ToString("0e0", CultureInfo.InvariantCulture);
}
