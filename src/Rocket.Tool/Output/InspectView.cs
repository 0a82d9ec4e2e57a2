using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Diagnostics;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Output;

/// <summary>What a model folder holds.</summary>
internal static class InspectView
{
    public static JsonObject ToJson(Inspection inspection) => new()
    {
        ["model"] = inspection.Folder,
        ["bytes"] = inspection.Bytes,
        ["tensors"] = inspection.Tensors.Length,
        ["elements"] = inspection.Tensors.Sum(tensor => tensor.ElementCount),
        ["types"] = new JsonObject(Types(inspection).Select(type => KeyValuePair.Create(type.Name, (JsonNode?)type.Bytes))),
        ["factoredLinears"] = inspection.Section?.Linears.Count ?? 0,
        ["verified"] = inspection.IsVerified,
        ["problems"] = new JsonArray([.. inspection.Problems.Select(problem => (JsonNode)ErrorReport.ToJson(problem))]),
        ["rocket"] = inspection.Provenance?.DeepClone(),
    };

    public static void Render(Terminal terminal, Inspection inspection)
    {
        terminal.WriteLine(inspection.Folder);
        if (inspection.Provenance is { } provenance)
        {
            RenderPlan(terminal, inspection, provenance);
        }

        string types = string.Join(", ", Types(inspection).Select(type => $"{type.Name} {Amounts.Size(type.Bytes)}"));
        terminal.WriteLine($"  true bytes: {Amounts.Count(inspection.Bytes)} in *.safetensors, headers and masks included ({inspection.Tensors.Length} tensors: {types})");
        if (inspection.IsVerified && inspection.Problems.IsEmpty)
        {
            terminal.WriteLine("  verified: every value is finite, every mask holds as many bits as values are stored");
        }
    }

    private static void RenderPlan(Terminal terminal, Inspection inspection, JsonObject provenance)
    {
        ProvenancePlan plan;
        try
        {
            plan = ProvenancePlan.Read(provenance);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw OutputErrors.DamagedProvenance(Path.Combine(inspection.Folder, Provenance.FileName), exception);
        }

        terminal.Out.Write(PlanTable.Create(terminal.Out, plan.Cells));
        terminal.WriteLine($"  {PlanTable.Legend}");
        terminal.WriteLine($"  budget \"{plan.Budget}\" of {plan.Model}: predicted loss {Number(plan.Cost)} ({PlanView.InWords(plan.Unit)}), bound {Number(plan.Bound)}{(plan.IsProven ? " (proven optimal)" : "")}");
        if (plan.Errors.Length > 0)
        {
            terminal.WriteLine($"  whitened error, mean over {plan.Errors.Length} factored linears: predicted {Number(plan.Errors.Average(e => e.Predicted))}, realised {Number(plan.Errors.Average(e => e.Realised))}; they differ by at most {Relative(plan.LargestDifference)} relative");
        }

        terminal.WriteLine($"  paper's count: {Amounts.Count(plan.KeptParameters)} of {Amounts.Count(plan.DenseParameters)} parameters of the compressible linears kept, {Amounts.Percent(plan.RemovedShare)} removed{(plan.IsDenseExport ? "; this is a dense export, which is not smaller" : "")}");
    }

    private static IEnumerable<(string Name, long Bytes)> Types(Inspection inspection) => inspection.Tensors
        .GroupBy(tensor => tensor.Type)
        .OrderBy(type => type.Key)
        .Select(type => (type.Key.SafetensorsName(), type.Sum(tensor => tensor.ByteLength)));

    private static string Relative(double value) => value.ToString("0.0e0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
