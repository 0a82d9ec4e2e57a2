namespace Rocket.Models.Architectures;

/// <summary>Nonlinearity of a gated feed-forward network.</summary>
public enum Activation
{
    /// <summary>x sigmoid(x).</summary>
    Silu,

    /// <summary>The tanh approximation of GELU.</summary>
    GeluTanh,

    /// <summary>GELU with the error function.</summary>
    Gelu,
}
