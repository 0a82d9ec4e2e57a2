using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Rocket.Pipeline.Stages;
using Spectre.Console;

namespace Rocket.Tool.Output;

/// <summary>What shares to remove would make of a model: size against predicted loss.</summary>
internal static class CurveView
{
    public static void Render(Terminal terminal, string model, ImmutableArray<WhatIfPoint> points)
    {
        terminal.WriteLine("");
        CompressionPlan? plan = points.Select(point => point.Plan).FirstOrDefault(plan => plan is not null);
        terminal.WriteLine(plan is null ? model : $"{model}: predicted loss in {PlanView.InWords(plan.Unit)}");
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in (string[])["remove", "removed", "kept", "bytes", "predicted loss", "optimal"])
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
        ["remove"] = point.Remove,
        ["isInReach"] = point.Plan is not null,
        ["removedShare"] = point.Plan?.RemovedShare,
        ["keptParameters"] = point.Plan?.KeptParameters,
        ["bytes"] = point.Plan is null ? null : point.Bytes,
        ["cost"] = point.Plan?.Cost,
        ["bound"] = point.Plan?.Bound,
        ["proven"] = point.Plan?.IsProven,
    })];

    private static string[] Cells(WhatIfPoint point) => point.Plan is not { } plan
        ? [Amounts.Percent((double)point.Remove), "out of reach", "", "", "", ""]
        :
        [
            Amounts.Percent((double)point.Remove),
            Amounts.Percent(plan.RemovedShare),
            Amounts.Count(plan.KeptParameters),
            Amounts.Count(point.Bytes),
            plan.Cost.ToString("0.####", CultureInfo.InvariantCulture),
            plan.IsProven ? "proven" : $"within {plan.Gap.ToString("0e0", CultureInfo.InvariantCulture)}",
        ];
}
