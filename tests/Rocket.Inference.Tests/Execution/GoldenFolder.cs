using System.Runtime.InteropServices;
using Rocket.Models.Checkpoints;

namespace Rocket.Inference.Tests.Execution;

/// <summary>A tiny model under <c>goldens/models</c> with what transformers computed, under either form of its config.json.</summary>
internal sealed class GoldenFolder : IDisposable
{
    private readonly TemporaryFolder? _copy;
    private readonly SafetensorsFile _golden;

    public GoldenFolder(string name, string config = "config.json")
    {
        string source = FolderOf(name);
        Path = source;
        if (config != "config.json")
        {
            _copy = new TemporaryFolder();
            Path = _copy.Path;
            foreach (string file in Directory.GetFiles(source, "model*"))
            {
                File.Copy(file, _copy.At(System.IO.Path.GetFileName(file)));
            }

            File.Copy(System.IO.Path.Combine(source, config), _copy.At("config.json"));
        }

        _golden = SafetensorsFile.Open(System.IO.Path.Combine(source, "golden.safetensors"));
        TensorView ids = _golden.Get("input_ids");
        int length = (int)ids.Info.Shape[1];
        Sequences = [.. MemoryMarshal.Cast<byte, long>(ids.Bytes).ToArray().Select(id => (int)id).Chunk(length)];
        float[] logits = MemoryMarshal.Cast<byte, float>(_golden.Get("logits").Bytes).ToArray();
        int vocabulary = (int)_golden.Get("logits").Info.Shape[2];
        Logits = [.. logits.Chunk(vocabulary).Chunk(length)];
        Nll = MemoryMarshal.Read<double>(_golden.Get("nll").Bytes);
    }

    public string Path { get; }

    public IReadOnlyList<int[]> Sequences { get; }

    /// <summary>Logits by sequence and position.</summary>
    public IReadOnlyList<float[][]> Logits { get; }

    public double Nll { get; }

    public static string[] Names()
    {
        string[] names = [.. Directory.GetDirectories(System.IO.Path.Combine(SharedData.Goldens, "models")).Select(folder => System.IO.Path.GetFileName(folder)).Where(name => Has(name, "config.json")).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(names);
        return names;
    }

    public static bool Has(string name, string file) => File.Exists(System.IO.Path.Combine(FolderOf(name), file));

    public void Dispose()
    {
        _golden.Dispose();
        _copy?.Dispose();
    }

    private static string FolderOf(string name) => System.IO.Path.Combine(SharedData.Goldens, "models", name);
}
