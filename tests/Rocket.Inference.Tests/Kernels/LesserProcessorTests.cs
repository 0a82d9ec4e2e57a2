using System.Diagnostics;
using System.Runtime.Intrinsics.X86;

namespace Rocket.Inference.Tests.Kernels;

/// <summary>
/// Kernels as processors with fewer AVX-512 instructions run them. Which there are is a constant of the process, so the kernels' tests run once more in processes that leave them out.
/// </summary>
public sealed class LesserProcessorTests
{
    /// <summary>Names the only kind of kernels that <see cref="MatrixKernelsTests"/> looks at.</summary>
    public const string KindVariable = "ROCKET_TEST_KERNELS";

    private const string Kind = "AVX-512";

    [Theory]
    [InlineData("DOTNET_EnableAVX512v3")] // no VBMI2
    [InlineData("DOTNET_EnableAVX512v2")] // nor VBMI
    public async Task Kernels_equal_the_scalar_ones_without_newer_instructions(string variable)
    {
        Assert.SkipUnless(Avx512Vbmi2.IsSupported, "This processor is such a lesser one itself, or has no AVX-512 at all.");
        var start = new ProcessStartInfo("dotnet", [typeof(LesserProcessorTests).Assembly.Location, "--filter-class", typeof(MatrixKernelsTests).FullName!])
        {
            RedirectStandardOutput = true,
            Environment = { [variable] = "0", [KindVariable] = Kind },
        };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
    }
}
