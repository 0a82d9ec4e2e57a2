using Rocket.Compression.Execution;
using Rocket.Compression.Native;
using TorchSharp;

namespace Rocket.Compression.Tests.Native;

public sealed class LibTorchTests
{
    [Fact]
    public void It_loads_from_the_packages_folder_and_computes_on_one_thread()
    {
        LibTorch.Load();

        using torch.Tensor a = torch.eye(3, dtype: torch.ScalarType.Float64);
        using torch.Tensor eigenvalues = torch.linalg.eigvalsh(a);
        Assert.Equal(3, eigenvalues.sum().Value<double>(), 1e-12);
        Assert.Equal(1, torch.get_num_threads());
    }

    [Fact]
    public void An_unknown_file_is_never_patched()
    {
        byte[] noElf = new byte[4096];
        Random.Shared.NextBytes(noElf);
        byte[] before = [.. noElf];

        Assert.False(GlibcxxPatch.TryMarkWeak(noElf));
        Assert.Equal(before, noElf);

        byte[] truncated = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, .. Enumerable.Repeat((byte)0xff, 100)];
        Assert.False(GlibcxxPatch.TryMarkWeak(truncated));
    }
}
