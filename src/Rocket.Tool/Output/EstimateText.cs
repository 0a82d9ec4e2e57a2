using System.Text.Json.Nodes;
using Rocket.Pipeline.Stages;

namespace Rocket.Tool.Output;

/// <summary>What a build is expected to take.</summary>
internal static class EstimateText
{
    public static string Of(RunEstimate estimate)
        => $"from an empty cache about {Amounts.Time(estimate.Total)} (calibrate {Amounts.Time(estimate.Calibrate)}, backward {Amounts.Time(estimate.Backward)}, profile {Amounts.Time(estimate.Profile)}) and at most {Amounts.Size(estimate.PeakMemory)} of memory";

    public static JsonObject ToJson(RunEstimate estimate) => new()
    {
        ["seconds"] = estimate.Total.TotalSeconds,
        ["calibrateSeconds"] = estimate.Calibrate.TotalSeconds,
        ["backwardSeconds"] = estimate.Backward.TotalSeconds,
        ["profileSeconds"] = estimate.Profile.TotalSeconds,
        ["peakMemory"] = estimate.PeakMemory,
    };
}
