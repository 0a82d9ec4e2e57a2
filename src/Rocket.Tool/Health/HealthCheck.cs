using Rocket.Models.Diagnostics;

namespace Rocket.Tool.Health;

/// <summary>What was found out of one thing that Rocket needs.</summary>
/// <param name="Name">The thing.</param>
/// <param name="State">How it is.</param>
/// <param name="Detail">What is there, or what is wrong and the way out.</param>
internal sealed record HealthCheck(string Name, HealthState State, string Detail)
{
    /// <summary>Finds out; a coded error is what does not work.</summary>
    public static HealthCheck Of(string name, Func<(HealthState State, string Detail)> look)
    {
        try
        {
            (HealthState state, string detail) = look();
            return new HealthCheck(name, state, detail);
        }
        catch (RocketException error)
        {
            return new HealthCheck(name, HealthState.Fails, $"{error.Code}: {error.Message}");
        }
    }
}
