namespace Rocket.Pipeline.Cost;

/// <summary>What a cost is reckoned with where it cannot be measured.</summary>
/// <param name="WattsPerCore">Power of a busy core with its share of the machine, watts; null: the default.</param>
/// <param name="GramsPerKilowattHour">Emissions of the electricity, grams of CO2 a kilowatt-hour; null: the default.</param>
public sealed record CostAssumptions(decimal? WattsPerCore, decimal? GramsPerKilowattHour)
{
    /// <summary>About what a busy core of a server takes with its share of memory and losses.</summary>
    public const decimal DefaultWattsPerCore = 10;

    /// <summary>The world's mean of 2023 (Ember, Global Electricity Review 2024), rounded.</summary>
    public const decimal DefaultGramsPerKilowattHour = 480;

    /// <summary>All defaults.</summary>
    public static CostAssumptions Default { get; } = new(null, null);
}
