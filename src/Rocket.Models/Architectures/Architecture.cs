using System.Text;
using System.Text.Json;
using Rocket.Models.Architectures.Configuration;
using Rocket.Models.Architectures.Families;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;
using Rocket.Models.Factors;

namespace Rocket.Models.Architectures;

/// <summary>From config.json to a <see cref="DecoderSpec"/>, and from there to the weights it needs.</summary>
public static class Architecture
{
    private const long MaxConfigBytes = 16 << 20;

    /// <summary>The <c>model_type</c> of every family that can be read.</summary>
    public static IEnumerable<string> ModelTypes => FamilyList.All.Select(family => family.ModelType);

    /// <summary>Reads a config.json in the published form (<c>rope_theta</c>, <c>torch_dtype</c>) or the newer one (<c>rope_parameters</c>, <c>dtype</c>).</summary>
    /// <exception cref="RocketException">RKT2201 to RKT2209: it cannot be read, makes no sense or asks for what Rocket cannot run.</exception>
    public static DecoderSpec Read(string configPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(configPath);
        try
        {
            var file = new FileInfo(configPath);
            return file.Length <= MaxConfigBytes
                ? Parse(File.ReadAllBytes(configPath), configPath)
                : throw ArchitectureErrors.InvalidJson(configPath, $"it has {file.Length} bytes, more than {MaxConfigBytes}.");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw ArchitectureErrors.Unreadable(configPath, cause);
        }
    }

    /// <summary>Reads the text of a config.json.</summary>
    /// <param name="json">The text.</param>
    /// <param name="pathForErrors">The path that errors name.</param>
    /// <exception cref="RocketException">RKT2201, RKT2203 to RKT2209.</exception>
    public static DecoderSpec Parse(string json, string pathForErrors) => Parse(Encoding.UTF8.GetBytes(json), pathForErrors);

    /// <summary>Reads a parsed config.json.</summary>
    /// <param name="config">The root object.</param>
    /// <param name="pathForErrors">The path that errors name.</param>
    /// <exception cref="RocketException">RKT2201, RKT2203 to RKT2209.</exception>
    public static DecoderSpec Parse(JsonElement config, string pathForErrors)
    {
        if (config.ValueKind != JsonValueKind.Object)
        {
            throw ArchitectureErrors.InvalidJson(pathForErrors, "it is no object.");
        }

        var root = new ConfigObject(config, pathForErrors);
        string modelType = root.OptionalText("model_type")
            ?? throw ArchitectureErrors.MissingKey(pathForErrors, "model_type", "the family of the model, such as \"llama\"");
        var family = FamilyList.All.FirstOrDefault(family => family.ModelType == modelType)
            ?? throw ArchitectureErrors.UnknownModelType(pathForErrors, modelType, ModelTypes);
        return root.Has("quantization_config")
            ? throw ArchitectureErrors.Unsupported(pathForErrors, "quantization_config", root.Quote("quantization_config"), "unquantized weights")
            : family.Read(root);
    }

    /// <summary>Every tensor that a decoder reads, with its shape: embedding, blocks in order, final norm, head. Each is named once.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Tensors(DecoderSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return SpecTensors.Of(spec);
    }

    /// <summary>Checks that a checkpoint has every dense tensor of a decoder, in its shape and as floating-point numbers.</summary>
    /// <param name="spec">The decoder.</param>
    /// <param name="checkpoint">The tensors.</param>
    /// <param name="section">The artifact's section: its linears are factored, and checked as they are read; null: all are dense.</param>
    /// <exception cref="RocketException">RKT2117, RKT2210 or RKT2211: one is missing, or not as it must be.</exception>
    public static void Validate(DecoderSpec spec, Checkpoint checkpoint, RocketSection? section = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(checkpoint);
        foreach (var (name, shape) in section is null ? SpecTensors.Of(spec) : SpecTensors.DenseOf(spec, section))
        {
            var tensor = checkpoint.Get(name).Info;
            if (!tensor.Shape.AsSpan().SequenceEqual(shape))
            {
                throw ArchitectureErrors.WrongShape(checkpoint.FileOf(name), tensor, shape);
            }

            if (!tensor.Type.IsFloatingPoint())
            {
                throw ArchitectureErrors.NotFloatingPoint(checkpoint.FileOf(name), tensor);
            }
        }
    }

    private static DecoderSpec Parse(byte[] json, string pathForErrors)
    {
        try
        {
            using var document = StrictJson.Parse(json);
            return Parse(document.RootElement, pathForErrors);
        }
        catch (JsonException cause)
        {
            throw ArchitectureErrors.InvalidJson(pathForErrors, cause.Message, cause);
        }
    }
}
