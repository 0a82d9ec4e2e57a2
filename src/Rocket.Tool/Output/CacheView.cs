using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Rocket.Pipeline.Caching;
using Spectre.Console;

namespace Rocket.Tool.Output;

/// <summary>What the store holds.</summary>
internal static class CacheView
{
    public static void Render(Terminal terminal, string folder, ImmutableArray<StoreEntry> entries, bool isDetailed)
    {
        terminal.WriteLine($"{folder}: {Amounts.Count(entries.Length)} entries, {Amounts.Size(entries.Sum(entry => entry.Size))}");
        if (entries.Length > 0)
        {
            terminal.Out.Write(isDetailed ? Entries(entries) : Summary(entries));
        }
    }

    public static JsonNode ToJson(StoreEntry entry) => new JsonObject
    {
        ["kind"] = entry.Kind == StoreEntryKind.Blob ? "blob" : "action",
        ["name"] = entry.Name.ToString(),
        ["bytes"] = entry.Size,
        ["lastUsed"] = LastUsed(entry),
        ["model"] = entry.Label?.Model,
        ["stage"] = entry.Label?.Stage,
    };

    private static Table Summary(ImmutableArray<StoreEntry> entries)
    {
        Table table = CreateTable(["model", "stage"], ["entries", "bytes", "last used"]);
        foreach (IGrouping<(string Model, string Stage), StoreEntry> group in entries
            .GroupBy(entry => (Model: entry.Label?.Model ?? "-", Stage: entry.Label?.Stage ?? "-"))
            .OrderBy(group => group.Key.Model, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Stage, StringComparer.Ordinal))
        {
            AddRow(table, group.Key.Model, group.Key.Stage, Amounts.Count(group.Count()), Amounts.Size(group.Sum(entry => entry.Size)), LastUsed(group.MaxBy(entry => entry.LastUsed)!));
        }

        return table;
    }

    private static Table Entries(ImmutableArray<StoreEntry> entries)
    {
        Table table = CreateTable(["kind", "name", "model", "stage"], ["bytes", "last used"]);
        foreach (StoreEntry entry in entries)
        {
            AddRow(table, entry.Kind == StoreEntryKind.Blob ? "blob" : "action", entry.Name.ToString(), entry.Label?.Model ?? "-", entry.Label?.Stage ?? "-", Amounts.Count(entry.Size), LastUsed(entry));
        }

        return table;
    }

    private static Table CreateTable(string[] texts, string[] numbers)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns(texts);
        foreach (string number in numbers)
        {
            table.AddColumn(new TableColumn(number).RightAligned());
        }

        return table;
    }

    private static void AddRow(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(Printable.Line(cell))));

    private static string LastUsed(StoreEntry entry) => entry.LastUsed.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
