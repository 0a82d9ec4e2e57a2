using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Execution;

/// <summary>Counts the native tensors that are alive. No other test may run at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LeakCheck
{
    /// <summary>The collection of tests that run alone.</summary>
    public const string Name = "Leak checks";

    /// <summary>Fails if an action leaves more tensors alive than there were. The garbage collector must not be what frees them.</summary>
    public static void LeavesNoTensor(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        action();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.True(GC.TryStartNoGCRegion(64 << 20));
        long before = Tensor.TotalCount;
        try
        {
            action();
        }
        finally
        {
            if (System.Runtime.GCSettings.LatencyMode == System.Runtime.GCLatencyMode.NoGCRegion)
            {
                GC.EndNoGCRegion();
            }
        }

        Assert.Equal(before, Tensor.TotalCount);
    }
}
