using System.Text.Json.Nodes;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Caching.Remote;

namespace Rocket.Tool.Output;

/// <summary>What went between a run and the remote cache, and what the cache's limit took.</summary>
internal static class SharingView
{
    public static void Render(Terminal terminal, RemoteTraffic? remote, PruneResult? pruned)
    {
        if (remote is not null)
        {
            string failures = remote.Failures == 0 ? "" : $"; {remote.Failures} requests failed";
            terminal.WriteLine(
                $"Remote cache: {remote.Actions} actions found, {Amounts.Size(remote.Downloaded)} received in {remote.Downloads} files; {remote.Uploads} actions, {Amounts.Size(remote.Uploaded)} sent; {Amounts.Time(remote.Time)} in requests{failures}.");
        }

        if (pruned is { RemovedSize: > 0 })
        {
            terminal.WriteLine($"The cache's limit took {Amounts.Size(pruned.RemovedSize)} of the least recently used; {Amounts.Size(pruned.RemainingSize)} stay.");
        }
    }

    public static JsonNode? ToJson(RemoteTraffic? remote) => remote is null ? null : new JsonObject
    {
        ["actions"] = remote.Actions,
        ["downloads"] = remote.Downloads,
        ["downloadedBytes"] = remote.Downloaded,
        ["uploads"] = remote.Uploads,
        ["uploadedBytes"] = remote.Uploaded,
        ["failures"] = remote.Failures,
        ["seconds"] = remote.Time.TotalSeconds,
    };
}
