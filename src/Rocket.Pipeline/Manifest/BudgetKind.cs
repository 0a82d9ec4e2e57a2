namespace Rocket.Pipeline.Manifest;

/// <summary>What budgets have in common.</summary>
public static class BudgetKinds
{
    /// <summary>Whether a budget counts what is stored, so that integer codes serve it; the others count parameters, of which codes remove none.</summary>
    public static bool CountsBytes(this BudgetKind kind) => kind is BudgetKind.Bytes or BudgetKind.BitsPerWeight;
}

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
