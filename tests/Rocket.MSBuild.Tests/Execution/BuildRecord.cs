using Microsoft.Build.Logging.StructuredLogger;

namespace Rocket.MSBuild.Tests.Execution;

/// <summary>What a binary log tells of a build.</summary>
/// <param name="Result">How the command ended.</param>
/// <param name="Log">The log.</param>
internal sealed record BuildRecord(DotNetResult Result, Build Log)
{
    /// <summary>How often the tool was started.</summary>
    public int ToolRuns => Log.FindChildrenRecursive<Message>(message => message.Text.StartsWith("Rocket: building ", StringComparison.Ordinal)).Count;

    /// <summary>How often it was found out whether it has to be.</summary>
    public int Checks => Tasks("RocketCheck").Count;

    /// <summary>What the build told, at every importance.</summary>
    public IReadOnlyList<string> Messages => [.. Log.FindChildrenRecursive<Message>().Select(message => message.Text)];

    /// <summary>Errors in the form that MSBuild prints, without the project.</summary>
    public IReadOnlyList<string> Errors => [.. Log.FindChildrenRecursive<Error>().Select(error => $"{Path.GetFileName(error.File)}({error.LineNumber},{error.ColumnNumber}): error {error.Code}: {error.Text}")];

    /// <summary>Time of the package's own targets.</summary>
    public TimeSpan OwnTime => Log.FindChildrenRecursive<Target>(target => target.Name is "_RocketCheck" or "_RocketRun" or "_RocketAddContent" or "_RocketLinkToOutput" or "RocketBuild" or "RocketBeforeBuild" or "RocketAfterBuild")
        .Aggregate(TimeSpan.Zero, (sum, target) => sum + target.Duration);

    /// <summary>Reads a log.</summary>
    public static BuildRecord Read(string path, DotNetResult result) => new(result, BinaryLog.ReadBuild(path));

    /// <summary>Fails the test where the build failed.</summary>
    public BuildRecord Succeed()
    {
        Result.Succeed();
        return this;
    }

    private IReadOnlyList<Microsoft.Build.Logging.StructuredLogger.Task> Tasks(string name)
        => Log.FindChildrenRecursive<Microsoft.Build.Logging.StructuredLogger.Task>(task => task.Name == name);
}
