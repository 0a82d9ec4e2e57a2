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

    /// <summary>Column of the table.</summary>
    public string Column => LinearLabel.Column(Linear);

    /// <summary>Row of the table.</summary>
    public string Row => LinearLabel.Row(Linear, Block);
}
