using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>Reads an entry of <c>budgets</c>.</summary>
internal static class BudgetReader
{
    private static readonly (string Key, BudgetKind Kind)[] Limits =
    [
        ("remove", BudgetKind.Remove),
        ("parameters", BudgetKind.Parameters),
        ("bytes", BudgetKind.Bytes),
        ("maxLoss", BudgetKind.MaxLoss),
    ];

    /// <summary>Reads and checks a budget.</summary>
    /// <exception cref="RocketException">RKT1xxx at its place.</exception>
    public static BudgetManifest Read(ManifestNode node, GridManifest grid)
    {
        MappingReader reader = new(node, "budgets", "the budget", ["name", .. Limits.Select(limit => limit.Key)]);
        string name = ManifestReader.ReadName(reader, "budget");
        (string Key, BudgetKind Kind)[] given = [.. Limits.Where(limit => reader.Optional(limit.Key) is not null)];
        if (given.Length == 0)
        {
            throw ManifestErrors.MissingKey(reader.Location, "remove\" (or \"parameters\", \"bytes\", \"maxLoss", "the budget");
        }

        if (given.Length > 1)
        {
            throw ManifestErrors.SeveralLimits(reader.Required(given[1].Key).Location, name, given[0].Key, given[1].Key);
        }

        Located<decimal> limit = given[0].Kind switch
        {
            BudgetKind.Remove => reader.RequiredPercentage("remove"),
            BudgetKind.Parameters => reader.RequiredQuantity("parameters", ManifestQuantity.Parameters),
            BudgetKind.Bytes => reader.RequiredQuantity("bytes", ManifestQuantity.Bytes),
            _ => reader.OptionalDecimal("maxLoss", 0),
        };
        return given[0].Kind == BudgetKind.Remove && limit.Value > grid.Ratio.To
            ? throw ManifestErrors.BudgetBeyondGrid(limit.Location, name, limit.Value, grid.Ratio.To)
            : limit.Value < 0 ? throw ManifestErrors.OutOfRange(limit.Location, given[0].Key, $"{limit.Value}", "0 or more")
            : new BudgetManifest { Name = name, Location = reader.Location, Kind = given[0].Kind, Limit = limit };
    }
}
