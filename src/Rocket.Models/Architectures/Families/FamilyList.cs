using System.Collections.Immutable;

namespace Rocket.Models.Architectures.Families;

/// <summary>Every family, in the order in which messages name them. A new family is a file beside this one and a line here.</summary>
internal static class FamilyList
{
    /// <summary>The families.</summary>
    public static ImmutableArray<IFamily> All { get; } =
    [
        new LlamaFamily(),
        new Qwen2Family(),
        new Qwen3Family(),
        new Qwen3MoeFamily(),
        new MistralFamily(),
        new MixtralFamily(),
        new Gemma2Family(),
        new Gemma3TextFamily(),
        new Phi3Family(),
        new Olmo2Family(),
        new SmolLm3Family(),
        new GraniteFamily(),
    ];
}
