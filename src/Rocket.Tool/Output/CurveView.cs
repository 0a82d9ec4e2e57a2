using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Stages;
using Spectre.Console;

namespace Rocket.Tool.Output;

/// <summary>What other budgets would make of a model: size against predicted loss.</summary>
internal static class CurveView
{
    public static void Render(Terminal terminal, string model, ImmutableArray<WhatIfPoint> points)
    {
        terminal.WriteLine("");
        CompressionPlan? plan = points.Select(point => point.Plan).FirstOrDefault(plan => plan is not null);
        terminal.WriteLine(plan is null ? model : $"{model}: predicted loss in {PlanView.InWords(plan.Unit)}");
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in (string[])[points.Any(IsOfBits) ? "bits a weight" : "remove", "removed", "kept", "bytes", "predicted loss", "optimal"])
        {
            table.AddColumn(new TableColumn(new Text(column)).RightAligned());
        }

        foreach (WhatIfPoint point in points)
        {
            table.AddRow([.. Cells(point).Select(cell => new Text(cell))]);
        }

        terminal.Out.Write(table);
    }

    public static JsonArray ToJson(ImmutableArray<WhatIfPoint> points) => [.. points.Select(point => (JsonNode)new JsonObject
    {
        [IsOfBits(point) ? "bitsPerWeight" : "remove"] = point.Limit,
        ["isInReach"] = point.Plan is not null,
        ["removedShare"] = point.Plan?.RemovedShare,
        ["keptParameters"] = point.Plan?.KeptParameters,
        ["bytes"] = point.Plan is null ? null : point.Bytes,
        ["cost"] = point.Plan?.Cost,
        ["bound"] = point.Plan?.Bound,
        ["proven"] = point.Plan?.IsProven,
    })];

    private static bool IsOfBits(WhatIfPoint point) => point.Kind == BudgetKind.BitsPerWeight;

    private static string Limit(WhatIfPoint point) => IsOfBits(point) ? point.Limit.ToString("0.###", CultureInfo.InvariantCulture) : Amounts.Percent((double)point.Limit);

    private static string[] Cells(WhatIfPoint point) => point.Plan is not { } plan
        ? [Limit(point), "out of reach", "", "", "", ""]
        :
        [
            Limit(point),
            Amounts.Percent(plan.RemovedShare),
            Amounts.Count(plan.KeptParameters),
            Amounts.Count(point.Bytes),
            plan.Cost.ToString("0.####", CultureInfo.InvariantCulture),
            plan.IsProven ? "proven" : $"within {plan.Gap.ToString("0e0", CultureInfo.InvariantCulture)}",
        ];
}
