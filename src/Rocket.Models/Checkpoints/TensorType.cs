namespace Rocket.Models.Checkpoints;

/// <summary>Element type of a tensor, little-endian on disk.</summary>
public enum TensorType
{
    /// <summary>IEEE double.</summary>
    F64,

    /// <summary>IEEE single.</summary>
    F32,

    /// <summary>IEEE half.</summary>
    F16,

    /// <summary>The upper half of a single.</summary>
    BF16,

    /// <summary>8-bit float, 4 exponent bits, no infinities.</summary>
    F8E4M3,

    /// <summary>8-bit float, 5 exponent bits.</summary>
    F8E5M2,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Signed 8-bit integer.</summary>
    I8,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>Unsigned 8-bit integer.</summary>
    U8,

    /// <summary>A byte that is 0 or 1.</summary>
    Bool,
}
