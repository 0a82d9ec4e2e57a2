using Rocket.Models.Architectures.Configuration;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Architectures.Families;

/// <summary>The sizes of a mixture of experts, checked.</summary>
internal sealed record Mixture(int Experts, int TopK)
{
    /// <summary>Reads <c>num_experts</c> (or <c>num_local_experts</c>, as transformers 5 writes it) and <c>num_experts_per_tok</c>.</summary>
    public static Mixture Read(ConfigObject config, ModelSizes sizes, int defaultExperts, int defaultTopK)
    {
        int most = ModelSizes.MaxExperts / sizes.Layers;
        int experts = config.OptionalSize("num_local_experts", most) ?? config.OptionalSize("num_experts", most) ?? defaultExperts;
        int topK = config.OptionalSize("num_experts_per_tok", int.MaxValue) ?? defaultTopK;
        if (experts > most)
        {
            throw ArchitectureErrors.OutOfRange(config.File, "num_experts", $"{experts}", $"an integer from 1 to {most}");
        }

        return topK <= experts
            ? new Mixture(experts, topK)
            : throw ArchitectureErrors.OutOfRange(config.File, "num_experts_per_tok", $"{topK}", $"at most the number of experts, {experts}");
    }

    /// <summary>A block's mixture.</summary>
    /// <param name="activation">Nonlinearity of every expert.</param>
    /// <param name="routerModule">Name of the router.</param>
    /// <param name="hidden">Width of the residual stream.</param>
    /// <param name="renormalize">The chosen weights are divided by their sum.</param>
    /// <param name="expert">Makes the expert of a number.</param>
    public FeedForwardSpec FeedForward(Activation activation, string routerModule, int hidden, bool renormalize, Func<int, ExpertSpec> expert)
    {
        var router = new LinearSpec(routerModule, hidden, Experts, new(InputKind.FeedForward));
        return new(activation, [.. Enumerable.Range(0, Experts).Select(expert)], new RouterSpec(router, TopK, renormalize));
    }
}
