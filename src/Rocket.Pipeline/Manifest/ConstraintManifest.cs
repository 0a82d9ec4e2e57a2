using System.Collections.Immutable;
using System.IO.Enumeration;
using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>One thing that is asked of some linears; an entry of <c>constraints</c> that asks for several gives several.</summary>
public sealed record ConstraintManifest
{
    /// <summary>What is asked.</summary>
    public required ConstraintKind Kind { get; init; }

    /// <summary>A share from 0 to below 1, or a loss; 0 where a linear stays dense.</summary>
    public required decimal Limit { get; init; }

    /// <summary>Where the limit stands.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>Patterns of names of linears, of which one must match; none: every linear.</summary>
    public required ImmutableArray<Located<string>> Linears { get; init; }

    /// <summary>The blocks that it is about; null: all.</summary>
    public required Located<BlockRange>? Blocks { get; init; }

    /// <summary>Whether it is about what its linears add up to, and not about each: a share of linears or blocks that it names.</summary>
    public bool IsSum => Kind is ConstraintKind.MinRemoved or ConstraintKind.MaxRemoved && (Blocks is not null || !Linears.IsEmpty);

    /// <summary>Whether it is about a linear.</summary>
    /// <param name="linear">The linear's key.</param>
    /// <param name="block">Index of its block; negative: an embedding or a head, of which no shares are asked, and which only its name means.</param>
    public bool Covers(string linear, int block)
        => (block >= 0 || (!Linears.IsEmpty && Kind is ConstraintKind.KeepDense or ConstraintKind.MaxCost))
            && (Blocks is not { } blocks || blocks.Value.Contains(block))
            && (Linears.IsEmpty || Linears.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern.Value, linear, ignoreCase: false)));

    /// <summary>As the manifest writes it: <c>maxRemoved: 40%</c>.</summary>
    public override string ToString() => Kind switch
    {
        ConstraintKind.KeepDense => "keep: dense",
        ConstraintKind.MinRemoved => $"minRemoved: {Limit * 100:0.####}%",
        ConstraintKind.MaxRemoved => $"maxRemoved: {Limit * 100:0.####}%",
        _ => $"maxCost: {Limit}",
    };
}
