namespace Rocket.Pipeline.Manifest;

/// <summary>What a constraint asks of the linears that it names.</summary>
public enum ConstraintKind
{
    /// <summary>It stays dense.</summary>
    KeepDense,

    /// <summary>At least this share of the parameters goes: of all linears together that it names, or of each where it names none.</summary>
    MinRemoved,

    /// <summary>At most this share of the parameters goes, in the same way.</summary>
    MaxRemoved,

    /// <summary>Its predicted loss is at most this, in the method's unit.</summary>
    MaxCost,
}
