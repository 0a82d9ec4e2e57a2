using System.Text.Json.Nodes;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Caching.Remote;
using Rocket.Pipeline.Stages;
using Rocket.Tool.Commands;

namespace Rocket.Tool.Output;

/// <summary>The result of one phase.</summary>
internal static class PhaseView
{
    public static void Render(Terminal terminal, Shard shard, IReadOnlyList<(OpenModel Model, string Part)> models, RemoteTraffic? remote, PruneResult? pruned)
    {
        foreach ((OpenModel model, string part) in models)
        {
            terminal.WriteLine($"{model.Manifest.Name}: part {shard}: {part}");
        }

        int reused = models.Sum(model => model.Model.Context.Measurements.Reused);
        terminal.WriteLine($"{Counts(models).Sum(stage => (int)stage.Value!)} actions computed ({string.Join(", ", Counts(models).Select(stage => $"{stage.Key} {stage.Value}"))}), {reused} reused.");
        SharingView.Render(terminal, remote, pruned);
    }

    public static JsonObject ToJson(
        string manifest, BuildPhase phase, Shard shard, IReadOnlyList<(OpenModel Model, string Part)> models, RemoteTraffic? remote, PruneResult? pruned) => new()
        {
            ["manifest"] = manifest,
            ["until"] = phase.ToString().ToLowerInvariant(),
            ["shard"] = shard.ToString(),
            ["computed"] = Counts(models),
            ["computedActions"] = Counts(models).Sum(stage => (int)stage.Value!),
            ["reusedActions"] = models.Sum(model => model.Model.Context.Measurements.Reused),
            ["peakMemory"] = RunMeasurements.PeakMemory(),
            ["remote"] = SharingView.ToJson(remote),
            ["prunedBytes"] = pruned?.RemovedSize,
            ["models"] = new JsonArray([.. models.Select(model => (JsonNode)new JsonObject { ["name"] = model.Model.Manifest.Name, ["part"] = model.Part })]),
        };

    private static JsonObject Counts(IReadOnlyList<(OpenModel Model, string Part)> models) => BuildView.Counts(models.Select(model => model.Model.Context.Measurements));
}
