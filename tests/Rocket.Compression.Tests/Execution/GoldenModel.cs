using System.Runtime.InteropServices;
using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Execution;

/// <summary>A tiny model under <c>goldens/models</c>, open, with the sequences of its golden file.</summary>
internal sealed class GoldenModel : IDisposable
{
    private readonly string _folder;

    public GoldenModel(string name, string config = "config.json")
    {
        _folder = FolderOf(name);
        File = SafetensorsFile.Open(Path.Combine(_folder, "golden.safetensors"));
        Spec = Models.Architectures.Architecture.Read(Path.Combine(_folder, config));
        Checkpoint = Checkpoint.Open(_folder);
        TensorView ids = File.Get("input_ids");
        int length = (int)ids.Info.Shape[1];
        long[] all = MemoryMarshal.Cast<byte, long>(ids.Bytes).ToArray();
        Sequences = [.. all.Select(id => (int)id).Chunk(length)];
    }

    /// <summary>What transformers computed.</summary>
    public SafetensorsFile File { get; }

    public DecoderSpec Spec { get; }

    public Checkpoint Checkpoint { get; }

    public IReadOnlyList<int[]> Sequences { get; }

    /// <summary>Names of the models that are there.</summary>
    public static string[] Names()
    {
        string[] names = [.. Directory.GetDirectories(Path.Combine(SharedData.Goldens, "models")).Select(folder => Path.GetFileName(folder)).Where(name => Has(name, "config.json")).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(names);
        return names;
    }

    /// <summary>Whether a model has a file.</summary>
    public static bool Has(string name, string file) => System.IO.File.Exists(Path.Combine(FolderOf(name), file));

    /// <summary>Copies the states of all sequences, as a stream holds them, into a file.</summary>
    public static void Fill(HiddenStates states, MemoryStream stream)
    {
        long offset = 0;
        for (int i = 0; i < states.Count; i++)
        {
            using Tensor tensor = states.Read(i);
            Span<byte> bytes = tensor.Raw();
            stream.GetBuffer().AsSpan((int)offset, bytes.Length).CopyTo(bytes);
            states.Write(i, tensor);
            offset += bytes.Length;
        }

        Assert.Equal(stream.Length, offset);
    }

    /// <summary>A file for the states of the sequences.</summary>
    public HiddenStates CreateStates() => HiddenStates.CreateTemporary(Path.GetTempPath(), [.. Sequences.Select(sequence => sequence.Length)], Spec.HiddenSize);

    /// <summary>The first block's input.</summary>
    public HiddenStates Embed()
    {
        HiddenStates states = CreateStates();
        using var embedded = new MemoryStream();
        BlockCalibrator.Embed(new DecoderExecutor(Spec, new WeightLoader(Checkpoint)), Sequences, embedded, CancellationToken.None);
        Fill(states, embedded);
        return states;
    }

    public TorchScorer OpenScorer(int threads = 2) => new(Spec, Checkpoint.Open(_folder), null, threads);

    public void Dispose()
    {
        File.Dispose();
        Checkpoint.Dispose();
    }

    private static string FolderOf(string name) => Path.Combine(SharedData.Goldens, "models", name);
}
