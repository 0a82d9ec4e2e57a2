using System.Collections.Immutable;

namespace Rocket.Models.Architectures;

/// <summary>One gated network, or a mixture of them.</summary>
public sealed record FeedForwardSpec(Activation Activation, ImmutableArray<ExpertSpec> Experts, RouterSpec? Router = null)
{
    /// <summary>The same network, expert by expert.</summary>
    public bool Equals(FeedForwardSpec? other)
        => other is not null
        && Activation == other.Activation
        && Router == other.Router
        && Experts.AsSpan().SequenceEqual(other.Experts.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Activation, Router, Experts.Length);
}
