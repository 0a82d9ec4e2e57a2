namespace Rocket.Tool.Health;

/// <summary>How something that Rocket needs is.</summary>
internal enum HealthState
{
    /// <summary>It is there and works.</summary>
    Works,

    /// <summary>It is not there yet; the command that needs it brings it.</summary>
    Missing,

    /// <summary>It does not work.</summary>
    Fails,
}
