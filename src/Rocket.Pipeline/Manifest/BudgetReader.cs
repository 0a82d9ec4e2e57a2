using System.Globalization;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>Reads an entry of <c>budgets</c>.</summary>
internal static class BudgetReader
{
    private const string PerplexityRise = "maxPerplexityRise";
    private const string BitsPerWeight = "bitsPerWeight";

    private static readonly (string Key, BudgetKind Kind)[] Limits =
    [
        ("remove", BudgetKind.Remove),
        ("parameters", BudgetKind.Parameters),
        ("bytes", BudgetKind.Bytes),
        (BitsPerWeight, BudgetKind.BitsPerWeight),
        ("maxLoss", BudgetKind.MaxLoss),
        (PerplexityRise, BudgetKind.MaxLoss),
    ];

    /// <summary>Reads and checks a budget.</summary>
    /// <exception cref="RocketException">RKT1xxx at its place.</exception>
    /// <param name="node">The entry.</param>
    /// <param name="mostRemoved">The largest share that the grid removes of a linear.</param>
    /// <param name="hasNats">Whether costs are nats.</param>
    /// <param name="values">Types of the stored values.</param>
    public static BudgetManifest Read(ManifestNode node, decimal mostRemoved, bool hasNats, ValuesManifest values)
    {
        MappingReader reader = new(node, "budgets", "the budget", ["name", .. Limits.Select(limit => limit.Key)]);
        string name = ManifestReader.ReadName(reader, "budget");
        (string Key, BudgetKind Kind)[] given = [.. Limits.Where(limit => reader.Optional(limit.Key) is not null)];
        if (given.Length == 0)
        {
            throw ManifestErrors.MissingKey(reader.Location, "remove\" (or \"parameters\", \"bytes\", \"bitsPerWeight\", \"maxLoss\", \"maxPerplexityRise", "the budget");
        }

        if (given.Length > 1)
        {
            throw ManifestErrors.SeveralLimits(reader.Required(given[1].Key).Location, name, given[0].Key, given[1].Key);
        }

        if (!given[0].Kind.CountsBytes() && !values.HasFloats)
        {
            throw ManifestErrors.NeedsFloats(reader.Required(given[0].Key).Location, name, given[0].Key);
        }

        Located<decimal> limit = given[0].Kind switch
        {
            BudgetKind.Remove => reader.RequiredPercentage("remove"),
            BudgetKind.Parameters => reader.RequiredQuantity("parameters", ManifestQuantity.Parameters),
            BudgetKind.Bytes => reader.RequiredQuantity("bytes", ManifestQuantity.Bytes),
            BudgetKind.BitsPerWeight => reader.OptionalDecimal(BitsPerWeight, 0),
            _ => given[0].Key == PerplexityRise ? RiseInNats(reader, hasNats) : Loss(reader, hasNats),
        };
        return given[0].Kind == BudgetKind.Remove && limit.Value > mostRemoved
            ? throw ManifestErrors.BudgetBeyondGrid(limit.Location, name, limit.Value, mostRemoved)
            : limit.Value < 0 ? throw ManifestErrors.OutOfRange(limit.Location, given[0].Key, $"{limit.Value}", "0 or more")
            : new BudgetManifest { Name = name, Location = reader.Location, Kind = given[0].Kind, Limit = limit };
    }

    private static Located<decimal> RiseInNats(MappingReader reader, bool hasNats)
    {
        Located<decimal> rise = reader.RequiredPercentage(PerplexityRise);
        return hasNats ? new((decimal)Math.Log(1 + (double)rise.Value), rise.Location) : throw ManifestErrors.NeedsNats(rise.Location, PerplexityRise);
    }

    // A number in the method's unit, or one that says that it is nats.
    private static Located<decimal> Loss(MappingReader reader, bool hasNats)
    {
        const string Unit = "nats";
        if (reader.Required("maxLoss") is not ScalarNode { Text: var text } scalar || !text.EndsWith(Unit, StringComparison.Ordinal))
        {
            return reader.OptionalDecimal("maxLoss", 0);
        }

        return !hasNats ? throw ManifestErrors.NeedsNats(scalar.Location, "maxLoss")
            : decimal.TryParse(text[..^Unit.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) ? new(value, scalar.Location)
            : throw ManifestErrors.BadQuantity(scalar.Location, "maxLoss", "a number of nats such as 0.05 nats", text);
    }
}
