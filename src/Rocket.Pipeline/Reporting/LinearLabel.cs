namespace Rocket.Pipeline.Reporting;

/// <summary>Where a linear stands in tables of block by linear.</summary>
public static class LinearLabel
{
    /// <summary>The column: the linear's last name, such as q_proj, with its number where it is a part of a fused weight.</summary>
    public static string Column(string linear)
    {
        ArgumentNullException.ThrowIfNull(linear);
        string[] parts = linear.Split('.');
        return int.TryParse(parts[^1], out _) && parts.Length > 1 ? $"{parts[^2]}.{parts[^1]}" : parts[^1];
    }

    /// <summary>The row: the block, and the expert where there are several; an embedding or a head is no block's.</summary>
    public static string Row(string linear, int block)
    {
        ArgumentNullException.ThrowIfNull(linear);
        if (block < 0)
        {
            return "model";
        }

        string[] parts = linear.Split('.');
        int experts = Array.IndexOf(parts, "experts");
        return experts >= 0 && experts + 1 < parts.Length ? $"{block} expert {parts[experts + 1]}" : $"{block}";
    }

    /// <summary>The columns of a table; those of a fused weight, taken as one and part by part, stand side by side.</summary>
    public static IReadOnlyList<string> Columns(IEnumerable<string> linears)
        => [.. linears.Select(Column).Distinct().GroupBy(column => column.Split('.')[0]).SelectMany(group => group.Order(StringComparer.Ordinal))];
}
