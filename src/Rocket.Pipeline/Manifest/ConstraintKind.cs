namespace Rocket.Pipeline.Manifest;

/// <summary>What a constraint asks of every linear that it names.</summary>
public enum ConstraintKind
{
    /// <summary>It stays dense.</summary>
    KeepDense,

    /// <summary>At least this share of its parameters goes.</summary>
    MinRemoved,

    /// <summary>At most this share of its parameters goes.</summary>
    MaxRemoved,

    /// <summary>Its predicted loss is at most this, in the method's unit.</summary>
    MaxCost,
}
