using Rocket.Compression.Factorization;
using Rocket.Pipeline.Stages;

namespace Rocket.Tool.Output;

/// <summary>One linear of a plan, as tables show it.</summary>
/// <param name="Linear">The linear's key.</param>
/// <param name="Block">Index of its block.</param>
/// <param name="DenseParameters">Parameters of the weight.</param>
/// <param name="Parameters">Parameters that it keeps, by the paper's count.</param>
/// <param name="Form">How it is written: dense, dictionary or sparse.</param>
/// <param name="K">Number of atoms of a dictionary.</param>
/// <param name="S">Coefficients a column of a dictionary.</param>
/// <param name="Bits">Bits of a value where values are integer codes; null: they have the source's type.</param>
internal sealed record PlanCell(string Linear, int Block, long DenseParameters, long Parameters, string Form, int? K, int? S, int? Bits)
{
    /// <summary>The cell of a plan's entry.</summary>
    public static PlanCell Of(PlanEntry entry)
        => new(entry.Linear, entry.Block, (long)entry.DIn * entry.DOut, entry.Parameters, FormOf(entry), (entry.Option as DictionaryOption)?.K, (entry.Option as DictionaryOption)?.S, entry.Option?.Quantization?.Bits);

    /// <summary>Name of the form of a plan's entry.</summary>
    public static string FormOf(PlanEntry entry) => entry.Option?.Form ?? "dense";

    /// <summary>Column of the table: the linear's last name, such as q_proj, with its number where it is a part of a fused weight.</summary>
    public string Column
    {
        get
        {
            string[] parts = Linear.Split('.');
            return int.TryParse(parts[^1], out _) && parts.Length > 1 ? $"{parts[^2]}.{parts[^1]}" : parts[^1];
        }
    }

    /// <summary>Row of the table: the block, and the expert where there are several.</summary>
    public string Row
    {
        get
        {
            if (Block < 0)
            {
                return "model";
            }

            string[] parts = Linear.Split('.');
            int experts = Array.IndexOf(parts, "experts");
            return experts >= 0 && experts + 1 < parts.Length ? $"{Block} expert {parts[experts + 1]}" : $"{Block}";
        }
    }
}
