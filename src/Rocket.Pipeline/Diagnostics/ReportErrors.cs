using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Diagnostics;

/// <summary>Errors of reports (RKT62xx).</summary>
public static class ReportErrors
{
    /// <summary>RKT6201: the record of a run cannot be read.</summary>
    public static RocketException DamagedRecord(string path, Exception cause) => new(
        "RKT6201", $"The record of the run cannot be used: {cause.Message} Delete it, and build the budget again.", new SourceLocation(path), cause);

    /// <summary>RKT6202: a folder without records.</summary>
    public static RocketException NoRecords(string folder) => new(
        "RKT6202", "The folder holds no *.run.json, so there is nothing to report. Name the output folder of a build, or that of one of its models.", new SourceLocation(folder));
}
