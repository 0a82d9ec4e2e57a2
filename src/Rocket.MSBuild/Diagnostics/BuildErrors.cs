using Microsoft.Build.Utilities;

namespace Rocket.MSBuild.Diagnostics;

/// <summary>Errors of building with MSBuild (RKT7xxx).</summary>
internal static class BuildErrors
{
    /// <summary>RKT7007: a shard of a package is missing; told by the targets of the package, <see cref="Packing.ConsumerTargets"/>.</summary>
    public const string MissingPartCode = "RKT7007";

    /// <summary>RKT7001: RocketToolPath leads nowhere.</summary>
    public static void NoTool(TaskLoggingHelper log, string toolPath) => Log(
        log, "RKT7001", null, $"There is no tool at \"{toolPath}\". Set RocketToolPath to rocket.dll or to an executable, relative to the project, or leave it out.");

    /// <summary>RKT7002: two manifests lay one file.</summary>
    public static void SameArtifact(TaskLoggingHelper log, string first, string second, string file) => Log(
        log, "RKT7002", second, $"\"{first}\" and \"{second}\" both make \"{file}\". Rename the model in one of them.");

    /// <summary>RKT7003: the state of a build cannot be kept.</summary>
    public static void CannotKeepState(TaskLoggingHelper log, string folder, Exception cause) => Log(
        log, "RKT7003", null, $"What was built cannot be remembered in \"{folder}\": {cause.Message} Free some space, check the permissions, or set RocketOutputPath.");

    /// <summary>RKT7004: a package without a model.</summary>
    public static void NothingToPack(TaskLoggingHelper log) => Log(
        log, "RKT7004", null, "RocketPack is true, but there is no model to pack. Add a rocket.yaml or a RocketManifest item, and leave RocketEnabled true.");

    /// <summary>RKT7005: a folder of the corpus cannot be searched.</summary>
    public static void CannotSearch(TaskLoggingHelper log, string manifest, Exception cause) => Log(
        log, "RKT7005", manifest, $"The files that \"{manifest}\" names cannot be searched for changes: {cause.Message} Check the permissions.");

    /// <summary>RKT7006: a limit that no package can keep.</summary>
    public static void BadPackLimit(TaskLoggingHelper log, string limit, long least) => Log(
        log, "RKT7006", null, $"RocketPackMaxBytes is \"{limit}\"; it must be a whole number of bytes, at least {least}.");

    private static void Log(TaskLoggingHelper log, string code, string? file, string message) => log.LogError(
        subcategory: null, errorCode: code, helpKeyword: null, file: file, lineNumber: 0, columnNumber: 0, endLineNumber: 0, endColumnNumber: 0, message: "{0}", messageArgs: message);
}
