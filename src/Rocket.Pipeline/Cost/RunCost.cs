namespace Rocket.Pipeline.Cost;

/// <summary>What a run took of processor, energy and air, and how it is known.</summary>
/// <param name="CpuSeconds">Processor time of this process, all threads.</param>
/// <param name="Joules">Energy.</param>
/// <param name="EnergySource"><c>rapl</c> or <c>estimate</c>.</param>
/// <param name="EnergyDetail">The same as a sentence.</param>
/// <param name="Grams">Grams of CO2.</param>
/// <param name="GramsPerKilowattHour">Emissions of the electricity.</param>
/// <param name="CarbonSource">Where that number is from.</param>
public sealed record RunCost(
    double CpuSeconds, double Joules, string EnergySource, string EnergyDetail, double Grams, double GramsPerKilowattHour, string CarbonSource);
