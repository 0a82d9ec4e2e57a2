using Rocket.Models.Diagnostics;

namespace Rocket.Models.Architectures.Configuration;

/// <summary>Names of activations in config.json.</summary>
internal static class Activations
{
    /// <summary>Reads an activation.</summary>
    public static Activation Read(ConfigObject config, string key, string fallback)
        => (config.OptionalText(key) ?? fallback) switch
        {
            "silu" or "swish" => Activation.Silu,
            "gelu_pytorch_tanh" or "gelu_new" => Activation.GeluTanh,
            "gelu" => Activation.Gelu,
            _ => throw ArchitectureErrors.Unsupported(config.File, key, config.Quote(key), "silu, gelu and gelu_pytorch_tanh"),
        };
}
