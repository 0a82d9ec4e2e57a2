using Rocket.Models.Architectures.Configuration;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Architectures.Rotary;

/// <summary>Reads rotary embeddings: <c>rope_parameters</c>, or the older <c>rope_theta</c> with <c>rope_scaling</c>.</summary>
internal static class RopeReader
{
    /// <summary>Reads the embedding that all layers share, over the whole head.</summary>
    public static RopeSpec Read(ConfigObject config, ModelSizes sizes, FamilyDefaults defaults)
    {
        var parameters = Parameters(config);
        double partial = PartialFactor(config, parameters);
        return partial == 1
            ? Create(config, parameters, sizes, Theta(config, parameters, defaults), sizes.HeadSize)
            : throw ArchitectureErrors.Unsupported(config.File, "partial_rotary_factor", $"{partial}", "this family with the whole head rotated");
    }

    /// <summary>Reads the embedding that all layers share, over the first <c>partial_rotary_factor</c> of a head.</summary>
    public static RopeSpec ReadPartial(ConfigObject config, ModelSizes sizes, FamilyDefaults defaults)
    {
        var parameters = Parameters(config);
        int dimensions = (int)(sizes.HeadSize * PartialFactor(config, parameters));
        return Create(config, parameters, sizes, Theta(config, parameters, defaults), dimensions);
    }

    /// <summary>Makes the embedding that an object of parameters (or null: no scaling) describes.</summary>
    public static RopeSpec Create(ConfigObject config, ConfigObject? parameters, ModelSizes sizes, double theta, int dimensions)
    {
        if (dimensions < 2 || dimensions % 2 != 0)
        {
            throw ArchitectureErrors.DoesNotDivide(config.File, "the rotated part of head_dim", dimensions, "a pair", 2);
        }

        string type = parameters?.OptionalText("rope_type") ?? parameters?.OptionalText("type") ?? "default";
        var rope = (type, parameters) switch
        {
            ("default", _) => new RopeSpec(InverseFrequencies.Default(theta, dimensions)),
            ("linear", not null) => new RopeSpec(InverseFrequencies.Linear(theta, dimensions, parameters.Positive("factor"))),
            ("llama3", not null) => Llama3(parameters, theta, dimensions),
            ("longrope" or "su", not null) => LongRope.Read(config, parameters, sizes, theta, dimensions),
            _ => throw ArchitectureErrors.Unsupported(config.File, "rope_type", $"\"{type}\"", "default, linear, llama3 and longrope"),
        };
        return rope.InverseFrequencies.Concat(rope.LongInverseFrequencies).All(float.IsFinite)
            ? rope
            : throw ArchitectureErrors.OutOfRange(config.File, "rope_theta", $"{theta}", "a base whose rotations are finite");
    }

    private static RopeSpec Llama3(ConfigObject parameters, double theta, int dimensions)
    {
        double low = parameters.Positive("low_freq_factor");
        double high = parameters.Positive("high_freq_factor");
        if ((float)(high - low) <= 0)
        {
            throw ArchitectureErrors.OutOfRange(parameters.File, parameters.FullKey("high_freq_factor"), $"{high}", $"more than low_freq_factor = {low}");
        }

        int originalLength = parameters.Size("original_max_position_embeddings", int.MaxValue);
        return new(InverseFrequencies.Llama3(theta, dimensions, parameters.Positive("factor"), low, high, originalLength));
    }

    private static ConfigObject? Parameters(ConfigObject config)
        => config.Child("rope_parameters") ?? config.Child("rope_scaling");

    private static double Theta(ConfigObject config, ConfigObject? parameters, FamilyDefaults defaults)
        => parameters?.OptionalPositive("rope_theta") ?? config.OptionalPositive("rope_theta") ?? defaults.RopeTheta;

    private static double PartialFactor(ConfigObject config, ConfigObject? parameters)
    {
        double factor = parameters?.OptionalPositive("partial_rotary_factor") ?? config.OptionalPositive("partial_rotary_factor") ?? 1;
        return factor <= 1
            ? factor
            : throw ArchitectureErrors.OutOfRange(config.File, "partial_rotary_factor", $"{factor}", "a share of the head, at most 1");
    }
}
