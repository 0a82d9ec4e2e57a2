namespace Rocket.Inference.Kernels;

/// <summary>Chooses the kernels of this processor, once.</summary>
internal static class KernelSelection
{
    /// <summary>The fastest kernels that this processor runs.</summary>
    public static MatrixKernels Best { get; } =
        Avx512Kernels.IsSupported ? new Avx512Kernels()
        : Avx2Kernels.IsSupported ? new Avx2Kernels()
        : AdvSimdKernels.IsSupported ? new AdvSimdKernels()
        : new VectorKernels();

    /// <summary>Every kind that this processor runs, the scalar one first.</summary>
    public static IEnumerable<MatrixKernels> Supported()
    {
        yield return new ScalarKernels();
        yield return new VectorKernels();
        if (Avx2Kernels.IsSupported)
        {
            yield return new Avx2Kernels();
        }

        if (Avx512Kernels.IsSupported)
        {
            yield return new Avx512Kernels();
        }

        if (AdvSimdKernels.IsSupported)
        {
            yield return new AdvSimdKernels();
        }
    }
}
