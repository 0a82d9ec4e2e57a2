namespace Rocket.Inference.Kernels;

/// <summary>Constants of the conversion from half to single.</summary>
internal static class HalfBits
{
    /// <summary>2^112: the difference of the exponents' biases.</summary>
    public const float Rebias = 5.192296858534828e33f;

    /// <summary>The magnitude bits, moved by 13, of infinity.</summary>
    public const uint FirstSpecial = 0x0F80_0000;

    /// <summary>The exponent bits of a single.</summary>
    public const uint Exponent = 0x7F80_0000;
}
