namespace Rocket.Inference.Generation;

/// <summary>Why a text ended.</summary>
public enum StopReason
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>The model ended it, or a stop string came.</summary>
    Stop,

    /// <summary>It is as long as it may be.</summary>
    Length,
}
