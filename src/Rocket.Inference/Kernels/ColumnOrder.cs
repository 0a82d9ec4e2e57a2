namespace Rocket.Inference.Kernels;

/// <summary>The order in which a product takes the columns of a block of <see cref="MatrixKernels.Block"/>, and inputs and expanded rows hold them.</summary>
internal enum ColumnOrder
{
    /// <summary>As they are stored.</summary>
    AsStored,

    /// <summary>0, 2, .., 30, then 1, 3, .., 31: one shift or mask makes float32 of each half of a pair of 16-bit weights, where no weight has to change its lane.</summary>
    EvenFirst,
}
