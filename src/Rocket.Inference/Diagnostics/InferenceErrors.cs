using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;

namespace Rocket.Inference.Diagnostics;

/// <summary>Errors of loading and running a model, codes RKT8001 to RKT8049.</summary>
public static class InferenceErrors
{
    private const string Again = "Copy the folder again, or build the artifact again.";

    /// <summary>RKT8001: a weight file that is damaged.</summary>
    public static RocketException DamagedWeights(RocketException cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return new("RKT8001", $"The weights cannot be loaded ({cause.Code}): {cause.Message}", cause.Location, cause);
    }

    /// <summary>RKT8002: a tensor that the model needs and the folder lacks.</summary>
    public static RocketException MissingTensor(string folder, string tensor)
        => Error("RKT8002", folder, $"The weights hold no tensor \"{tensor}\", which config.json asks for. {Again}");

    /// <summary>RKT8003: a tensor of another shape or type.</summary>
    public static RocketException WrongTensor(string file, TensorInfo found, string expected)
        => Error("RKT8003", file, $"Tensor \"{found.Name}\" is {found.Type.SafetensorsName()} [{string.Join(", ", found.Shape)}]; config.json implies {expected}. {Again}");

    /// <summary>RKT8004: a mask that does not fit its values.</summary>
    public static RocketException WrongMask(string file, string tensor, string reason)
        => Error("RKT8004", file, $"The mask \"{tensor}\" {reason}. {Again}");

    /// <summary>RKT8005: a weight that is NaN or infinite.</summary>
    public static RocketException NotFinite(string file, string tensor)
        => Error("RKT8005", file, $"Tensor \"{tensor}\" holds NaN or infinite values, so nothing that the model says has a meaning. {Again}");

    /// <summary>RKT8006: activations that overflow though every weight is finite.</summary>
    public static RocketException Overflow(string folder)
        => Error("RKT8006", folder, "The logits are NaN or infinite though all weights are finite: activations overflow in float32. Check that the weights belong to this config.json.");

    /// <summary>RKT8007: a token id that the model does not have.</summary>
    public static RocketException TokenOutOfRange(int id, int vocabularySize)
        => new("RKT8007", $"Token id {id} is outside the model's vocabulary of {vocabularySize}. Use the tokenizer of the model's own folder.");

    /// <summary>RKT8008: a factored linear that the model does not have.</summary>
    public static RocketException UnknownLinear(string file, string linear)
        => Error("RKT8008", file, $"The \"rocket\" section lists \"{linear}\", and the model has no such linear. {Again}");

    /// <summary>RKT8009: a stream of integer codes that goes on behind its last one.</summary>
    public static RocketException WrongCodes(string file, string tensor, long count, int bits)
        => Error("RKT8009", file, $"Tensor \"{tensor}\" has bits set behind the last of its {count} codes of {bits} bits. {Again}");

    private static RocketException Error(string code, string file, string message) => new(code, message, new SourceLocation(file));
}
