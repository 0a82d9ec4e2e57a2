namespace Rocket.Pipeline.Stages;

/// <summary>A part of a build that several machines can share.</summary>
public enum BuildPhase
{
    /// <summary>Moments of inputs and output gradients, a group of windows a unit.</summary>
    Calibrate,

    /// <summary>All options of the linears, a linear a unit.</summary>
    Profile,

    /// <summary>The factors that the budgets' plans ask for, a linear a unit.</summary>
    Factorize,
}
