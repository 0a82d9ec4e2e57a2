namespace Rocket.Pipeline.Manifest;

/// <summary>What a budget limits.</summary>
public enum BudgetKind
{
    /// <summary>At least this share of the compressible linears' parameters goes.</summary>
    Remove,

    /// <summary>At most so many parameters of the compressible linears are kept.</summary>
    Parameters,

    /// <summary>The artifact's safetensors files are at most so large, headers, masks and the fixed part included.</summary>
    Bytes,

    /// <summary>The tensors of the compressible linears have at most so many bits a weight: values, masks, scales and zero points.</summary>
    BitsPerWeight,

    /// <summary>The predicted loss is at most this; the smallest plan below it is wanted.</summary>
    MaxLoss,
}
