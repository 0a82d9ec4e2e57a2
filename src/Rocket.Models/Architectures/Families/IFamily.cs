using Rocket.Models.Architectures.Configuration;

namespace Rocket.Models.Architectures.Families;

/// <summary>A family of decoders: how its config.json describes a <see cref="DecoderSpec"/>.</summary>
internal interface IFamily
{
    /// <summary>The <c>model_type</c> of its config.json.</summary>
    string ModelType { get; }

    /// <summary>Reads and checks a configuration.</summary>
    DecoderSpec Read(ConfigObject config);
}
