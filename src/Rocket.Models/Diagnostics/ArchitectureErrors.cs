using System.Text.Json;
using Rocket.Models.Checkpoints;

namespace Rocket.Models.Diagnostics;

/// <summary>Errors of config.json and of weights that do not fit it, codes RKT2201 to RKT2249.</summary>
public static class ArchitectureErrors
{
    /// <summary>RKT2201: a family that Rocket cannot run.</summary>
    public static RocketException UnknownModelType(string file, string modelType, IEnumerable<string> known)
        => Error("RKT2201", file, $"The model_type \"{modelType}\" is not supported: Rocket does not know how its layers compute. Choose a model of one of the families {string.Join(", ", known)}.");

    /// <summary>RKT2202: a config.json that cannot be read.</summary>
    public static RocketException Unreadable(string file, Exception cause)
        => new("RKT2202", $"\"{file}\" cannot be read: {cause.Message} Point to the folder of a model with its config.json.", new SourceLocation(file), cause);

    /// <summary>RKT2203: a config.json that is not JSON, or is no object.</summary>
    public static RocketException InvalidJson(string file, string reason, JsonException? cause = null)
        => new("RKT2203", $"The configuration is not valid JSON: {reason} Download it again or mend it.", new SourceLocation(file), cause);

    /// <summary>RKT2204: a key that must be there and is not.</summary>
    public static RocketException MissingKey(string file, string key, string expected)
        => Error("RKT2204", file, $"The key \"{key}\" is missing. Set it to {expected}.");

    /// <summary>RKT2205: a value of the wrong type.</summary>
    public static RocketException WrongType(string file, string key, string value, string expected)
        => Error("RKT2205", file, $"The key \"{key}\" is {value}. Set it to {expected}.");

    /// <summary>RKT2206: a number that makes no sense.</summary>
    public static RocketException OutOfRange(string file, string key, string value, string expected)
        => Error("RKT2206", file, $"The key \"{key}\" is {value}. Set it to {expected}.");

    /// <summary>RKT2207: a size that does not divide another.</summary>
    public static RocketException DoesNotDivide(string file, string wholeKey, long whole, string partKey, long part)
        => Error("RKT2207", file, $"\"{wholeKey}\" is {whole}, which is no multiple of \"{partKey}\" = {part}. Check both against the model's card.");

    /// <summary>RKT2208: a list whose length does not fit.</summary>
    public static RocketException WrongLength(string file, string key, int length, int expected)
        => Error("RKT2208", file, $"The list \"{key}\" has {length} items; it must have {expected}.");

    /// <summary>RKT2209: a feature of a known family that Rocket cannot run.</summary>
    public static RocketException Unsupported(string file, string key, string value, string supported)
        => Error("RKT2209", file, $"\"{key}\" = {value} is not supported. Rocket runs {supported}; choose a model that keeps to it.");

    /// <summary>RKT2210: a weight whose shape is not what config.json implies.</summary>
    public static RocketException WrongShape(string file, TensorInfo tensor, IEnumerable<long> expected)
        => Error("RKT2210", file, $"Tensor \"{tensor.Name}\" has shape [{string.Join(", ", tensor.Shape)}]; config.json implies [{string.Join(", ", expected)}]. Check that both belong to the same model.");

    /// <summary>RKT2211: a weight whose type is no floating-point type.</summary>
    public static RocketException NotFloatingPoint(string file, TensorInfo tensor)
        => Error("RKT2211", file, $"Tensor \"{tensor.Name}\" has type {tensor.Type.SafetensorsName()}. Use the model's F32, F16 or BF16 weights, not a quantized copy.");

    private static RocketException Error(string code, string file, string message) => new(code, message, new SourceLocation(file));
}
