using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Rocket.Pipeline.Caching;
using Rocket.Tool.Diagnostics;
using Rocket.Tool.Output;

namespace Rocket.Tool.Commands;

/// <summary><c>rocket cache</c>: looks into the store, checks it, makes it smaller.</summary>
internal static class CacheCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var command = new Command("cache", "Look into the cache, check it, make it smaller.")
        {
            CreateList(globals),
            CreateVerify(globals),
            CreatePrune(globals),
        };
        return ExampleHelp.WithExample(command, "dotnet rocket cache prune --max-size 20GB");
    }

    private static Command CreateList(GlobalOptions globals)
    {
        var cache = new CacheOption();
        var command = new Command("list", "List what the cache holds, by model and stage; every entry with --verbosity detailed.") { cache.Option };
        ExampleHelp.WithExample(command, "dotnet rocket cache list");
        return globals.SetAction(command, (parsed, session) =>
        {
            using Store store = cache.Open(parsed, session);
            ImmutableArray<StoreEntry> entries = store.List();
            session.Write(
                () => new JsonObject
                {
                    ["folder"] = store.Folder,
                    ["bytes"] = entries.Sum(entry => entry.Size),
                    ["entries"] = new JsonArray([.. entries.Select(CacheView.ToJson)]),
                },
                terminal => CacheView.Render(terminal, store.Folder, entries, session.Verbosity == Verbosity.Detailed));
            return 0;
        });
    }

    private static Command CreateVerify(GlobalOptions globals)
    {
        var cache = new CacheOption();
        var command = new Command("verify", "Read every entry, compare digests, and delete what is damaged; it is made again when needed.") { cache.Option };
        ExampleHelp.WithExample(command, "dotnet rocket cache verify");
        return globals.SetAction(command, (parsed, session) =>
        {
            using Store store = cache.Open(parsed, session);
            VerifyResult result = store.Verify(cancellationToken: session.CancellationToken);
            session.Write(
                () => new JsonObject
                {
                    ["folder"] = store.Folder,
                    ["checked"] = result.Checked,
                    ["checkedBytes"] = result.CheckedSize,
                    ["bad"] = new JsonArray([.. result.Bad.Select(bad => (JsonNode)new JsonObject { ["path"] = bad.Path, ["reason"] = bad.Reason })]),
                },
                terminal => terminal.WriteLine(
                    $"{store.Folder}: {Amounts.Count(result.Checked)} entries, {Amounts.Size(result.CheckedSize)}: {(result.Bad.IsEmpty ? "all sound" : $"{result.Bad.Length} damaged ones deleted")}."));
            return 0;
        });
    }

    private static Command CreatePrune(GlobalOptions globals)
    {
        var cache = new CacheOption();
        var age = new Option<string?>("--older-than") { Description = "Remove what was not used for so long: 12h, 30d, 4w.", HelpName = "AGE" };
        var size = new Option<string?>("--max-size") { Description = "Remove the least recently used until the rest fits: 500MB, 20GB, 16GiB.", HelpName = "SIZE" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Tell what would be removed, and remove nothing." };
        var command = new Command("prune", "Remove old entries; never what a build at work is using.") { cache.Option, age, size, dryRun };
        ExampleHelp.WithExample(command, "dotnet rocket cache prune --older-than 30d --max-size 20GB --dry-run");
        return globals.SetAction(command, (parsed, session) =>
        {
            TimeSpan? oldest = parsed.GetValue(age) is { } ageText ? Quantity.ParseAge("--older-than", ageText) : null;
            long? largest = parsed.GetValue(size) is { } sizeText ? Quantity.ParseSize("--max-size", sizeText) : null;
            if (oldest is null && largest is null)
            {
                throw CommandLineErrors.Needs("prune", "--older-than, --max-size or both");
            }

            bool isDryRun = parsed.GetValue(dryRun);
            using Store store = cache.Open(parsed, session);
            PruneResult result = store.Prune(new PrunePolicy { OlderThan = oldest, MaximumSize = largest, IsDryRun = isDryRun });
            session.Write(
                () => new JsonObject
                {
                    ["folder"] = store.Folder,
                    ["dryRun"] = isDryRun,
                    ["removedBytes"] = result.RemovedSize,
                    ["remainingBytes"] = result.RemainingSize,
                    ["removed"] = new JsonArray([.. result.Removed.Select(CacheView.ToJson)]),
                },
                terminal => terminal.WriteLine(
                    $"{store.Folder}: {Amounts.Count(result.Removed.Length)} entries, {Amounts.Size(result.RemovedSize)} {(isDryRun ? "would be removed" : "removed")}; {Amounts.Size(result.RemainingSize)} {(isDryRun ? "would stay" : "stay")}."));
            return 0;
        });
    }
}
