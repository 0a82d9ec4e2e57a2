using System.Diagnostics;
using Rocket.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Execution;

/// <summary>Gated feed-forward networks and mixtures of them.</summary>
internal static class FeedForwardExecutor
{
    /// <summary>The network's output <c>[tokens, hidden]</c> for its normed input x <c>[tokens, hidden]</c>.</summary>
    public static Tensor Run(FeedForwardSpec spec, BlockWeights weights, Tensor x, IBlockObserver? observer)
    {
        if (spec.Router is not { } router)
        {
            return RunExpert(spec.Activation, spec.Experts[0], weights, x, observer);
        }

        observer?.ObserveInput(router.Linear.Input, x);
        Tensor probabilities = weights.Apply(router.Linear, x).softmax(-1);
        (Tensor shares, Tensor chosen) = probabilities.topk(router.TopK, dim: -1);
        if (router.Renormalize)
        {
            shares = shares / shares.sum(-1, keepdim: true);
        }

        // Sums of experts are freed one by one: a block may have a hundred of them.
        Tensor output = zeros_like(x);
        for (int e = 0; e < spec.Experts.Length; e++)
        {
            using Tensor before = output;
            using Tensor added = RunRouted(spec, e, weights, x, shares, chosen, observer);
            output = before.Plus(added);
        }

        return output;
    }

    // What expert e adds to every token: zero for tokens that do not reach it.
    private static Tensor RunRouted(FeedForwardSpec spec, int e, BlockWeights weights, Tensor x, Tensor shares, Tensor chosen, IBlockObserver? observer)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor reached = chosen.eq(weights.Device.Place(tensor(e, ScalarType.Int64)));
        Tensor share = (shares * reached.to_type(ScalarType.Float32)).sum(-1);
        Tensor tokens = reached.any(1).nonzero().view(-1);
        Tensor output = zeros_like(x);
        if (tokens.shape[0] > 0)
        {
            Tensor y = RunExpert(spec.Activation, spec.Experts[e], weights, x.index_select(0, tokens), observer);
            output = output.PlusRows(tokens, y * share.index_select(0, tokens).unsqueeze(-1));
        }

        return output.MoveToOuterDisposeScope();
    }

    private static Tensor RunExpert(Activation activation, ExpertSpec expert, BlockWeights weights, Tensor x, IBlockObserver? observer)
    {
        observer?.ObserveInput(expert.Gate.Input, x);
        Tensor inner = Activate(activation, weights.Apply(expert.Gate, x, observer)) * weights.Apply(expert.Up, x, observer);
        observer?.ObserveInput(expert.Down.Input, inner);
        return weights.Apply(expert.Down, inner, observer);
    }

    private static Tensor Activate(Activation activation, Tensor x) => activation switch
    {
        Activation.Silu => nn.functional.silu(x),
        Activation.GeluTanh => x.Plus(x.Squared().mul(x).Times(0.044715)).Times(0.7978845608028654).tanh().Plus(1).mul(x).Times(0.5),
        Activation.Gelu => nn.functional.gelu(x),
        _ => throw new UnreachableException($"Activation {activation}."),
    };
}
