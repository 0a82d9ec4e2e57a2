using System.Collections.Immutable;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>Reads the entries of <c>constraints</c>.</summary>
internal static class ConstraintReader
{
    private const string Keep = "keep";

    /// <summary>One constraint for everything that an entry asks.</summary>
    /// <exception cref="RocketException">RKT1xxx at its place.</exception>
    public static IEnumerable<ConstraintManifest> Read(ManifestNode node)
    {
        MappingReader reader = new(node, "constraints", "the constraint", "linears", "blocks", Keep, "minRemoved", "maxRemoved", "maxCost");
        ImmutableArray<Located<string>> linears = reader.Optional("linears") is null ? [] : reader.RequiredTexts("linears");
        Located<BlockRange>? blocks = reader.Optional("blocks") is { } range ? ReadBlocks(range) : null;
        var asked = new List<(ConstraintKind Kind, Located<decimal> Limit)>();
        if (reader.Optional(Keep) is { } keep)
        {
            asked.Add((ConstraintKind.KeepDense, keep is ScalarNode { Text: "dense" } ? new(0, keep.Location) : throw ManifestErrors.WrongType(keep.Location, Keep, "the word dense", keep.Description)));
        }

        if (reader.Optional("minRemoved") is not null)
        {
            asked.Add((ConstraintKind.MinRemoved, reader.RequiredPercentage("minRemoved")));
        }

        if (reader.Optional("maxRemoved") is not null)
        {
            asked.Add((ConstraintKind.MaxRemoved, reader.RequiredPercentage("maxRemoved")));
        }

        if (reader.Optional("maxCost") is not null)
        {
            Located<decimal> cost = reader.OptionalDecimal("maxCost", 0);
            asked.Add((ConstraintKind.MaxCost, cost.Value >= 0 ? cost : throw ManifestErrors.OutOfRange(cost.Location, "maxCost", $"{cost.Value}", "0 or more")));
        }

        return asked.Count == 0
            ? throw ManifestErrors.MissingKey(reader.Location, "keep\" (or \"minRemoved\", \"maxRemoved\", \"maxCost", "the constraint")
            : asked.Select(rule => new ConstraintManifest { Kind = rule.Kind, Limit = rule.Limit.Value, Location = rule.Limit.Location, Linears = linears, Blocks = blocks });
    }

    private static Located<BlockRange> ReadBlocks(ManifestNode node)
        => node is ScalarNode scalar && BlockRange.Parse(scalar.Text) is { } range
            ? new(range, node.Location)
            : throw ManifestErrors.WrongType(node.Location, "blocks", "a block's number, or a range such as 0..3", node.Description);
}
