using System.Globalization;
using Rocket.Models.Checkpoints;

namespace Rocket.Models.Tests.Checkpoints;

/// <summary>What a mapped file counts for in the process's memory, as the kernel tells it.</summary>
public sealed class ResidentPagesTests : IDisposable
{
    private const int Length = 8 << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tensor_that_was_read_and_dropped_leaves_its_neighbours_resident_and_comes_back_with_the_same_bytes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux counts mapped pages against a process.");
        byte[] bytes = new byte[Length];
        new Random(1).NextBytes(bytes);
        string path = _folder.Write("x", SafetensorsBytes.Of([(new TensorInfo("a", TensorType.U8, [Length]), bytes), (new TensorInfo("b", TensorType.U8, [Length]), bytes)]));
        using var file = SafetensorsFile.Open(path);
        Assert.True(file.Get("a").Bytes.SequenceEqual(bytes));
        Assert.True(file.Get("b").Bytes.SequenceEqual(bytes));
        Assert.True(Resident(path) >= 2 * Length);

        file.Get("a").DropResidentPages();
        Assert.InRange(Resident(path), Length, Length + (1 << 20));
        Assert.True(file.Get("a").Bytes.SequenceEqual(bytes));
    }

    // Rss of the file's mappings, bytes.
    private static long Resident(string path)
    {
        long resident = 0;
        bool isInside = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            isInside = line.Contains('-', StringComparison.Ordinal) && line.Split(' ')[0].Contains('-', StringComparison.Ordinal) ? line.EndsWith(path, StringComparison.Ordinal) : isInside;
            if (isInside && line.StartsWith("Rss:", StringComparison.Ordinal))
            {
                resident += long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
            }
        }

        return resident;
    }
}
