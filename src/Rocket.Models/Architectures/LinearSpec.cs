namespace Rocket.Models.Architectures;

/// <summary>One <c>nn.Linear</c>, or one part of a fused one: y = W x + b, W <c>[d_out, d_in]</c>.</summary>
/// <param name="Name">The source's name of the weight without <c>.weight</c>.</param>
/// <param name="DIn">Columns of W.</param>
/// <param name="DOut">Rows of W (of the part, where it is fused).</param>
/// <param name="Input">Which input of the block it reads.</param>
/// <param name="Bias">Name of the bias tensor, or null.</param>
/// <param name="Fused">Which rows of the tensor on disk these are, or null for the whole.</param>
public sealed record LinearSpec(string Name, int DIn, int DOut, InputSlot Input, string? Bias = null, FusedPart? Fused = null)
{
    /// <summary>What the name of a weight has behind that of its linear.</summary>
    public const string WeightSuffix = ".weight";

    /// <summary>Name of the weight tensor on disk.</summary>
    public string Tensor => Name + WeightSuffix;

    /// <summary>Name in plans and artifacts: the source's name, with the part's number where it is fused.</summary>
    public string Key => Fused is null ? Name : $"{Name}.{Fused.Index}";

    /// <summary>The whole tensor as one linear; this linear itself where it is no part.</summary>
    public LinearSpec Whole => Fused is null ? this : this with { DOut = Fused.TotalRows, Fused = null };

    /// <summary>Whether it is an embedding or a head, which is no block's.</summary>
    public bool IsOfVocabulary => Input.Kind == InputKind.Vocabulary;

    /// <summary>Parameters of W.</summary>
    public long Parameters => (long)DIn * DOut;
}
