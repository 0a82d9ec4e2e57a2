using System.Text.Json;
using Rocket.Compression.Factorization;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Pipeline.Stages;

/// <summary>A linear's factors and their errors as they lie in the store.</summary>
internal static class FactorFile
{
    /// <summary>Writes the linear's tensors as safetensors.</summary>
    public static void Write(Stream stream, string name, LinearFactors factors)
    {
        TensorInfo[] tensors = [.. factors.Info.Tensors(name)];
        using var writer = new SafetensorsWriter(stream, SafetensorsWriter.AlignedOrder(tensors));
        foreach (TensorInfo tensor in SafetensorsWriter.AlignedOrder(tensors))
        {
            writer.Write(tensor.Name, factors.Part(tensor.Name[name.Length..]).Span);
        }

        writer.Complete();
    }

    /// <summary>What is kept beside the factors.</summary>
    public static byte[] Format(LinearFactors factors, FactorizationErrors errors) => JsonSerializer.SerializeToUtf8Bytes(new FactorizationResult(factors.Info, errors));

    /// <summary>Reads it back.</summary>
    public static FactorizationResult Parse(string path, string name)
        => JsonSerializer.Deserialize<FactorizationResult>(File.ReadAllBytes(path)) ?? throw new InvalidDataException($"The result of '{name}' is empty.");
}
