namespace Rocket.Inference;

/// <summary>Whether linears with elements removed get a copy in memory that has them as zeros. No choice changes a bit of any result.</summary>
public enum DenseCopies
{
    /// <summary>Where this processor's kernels read such a copy faster than the stored elements: those that know no way to bring these to their columns in registers.</summary>
    WhereFaster,

    /// <summary>No linear: the least memory.</summary>
    Never,

    /// <summary>Every linear whose values are not quantised.</summary>
    Always,
}
