using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Diagnostics;

/// <summary>Errors of fetching a NuGet package, RKT2301 to RKT2349.</summary>
public static class PackageErrors
{
    /// <summary>RKT2301: every source answered, and none has the package.</summary>
    /// <param name="package">Id and version.</param>
    /// <param name="sources">Names of the sources that were asked; may be empty.</param>
    public static RocketException InNoSource(string package, IReadOnlyCollection<string> sources) => new(
        "RKT2301",
        sources.Count == 0
            ? $"The NuGet package '{package}' is needed, but no enabled package source may bring it. Enable one in NuGet.Config, or map the package to one."
            : $"The NuGet package '{package}' is in none of the sources {Quote(sources)}. Add a source that has it to NuGet.Config, or copy the package into one of them.");

    /// <summary>RKT2302: a source did not answer, and no other has the package.</summary>
    /// <param name="package">Id and version.</param>
    /// <param name="source">Name of the first source that failed.</param>
    /// <param name="cause">What it failed with.</param>
    public static RocketException SourceUnreachable(string package, string source, Exception cause) => new(
        "RKT2302",
        $"The NuGet package '{package}' cannot be fetched: the source '{source}' failed: {Reason(cause)} Connect to the network, mend the source in NuGet.Config, or restore the package on another machine and copy its folder into the global packages folder.",
        innerException: cause);

    /// <summary>RKT2303: the package came, but could not be unpacked into the packages folder.</summary>
    /// <param name="package">Id and version.</param>
    /// <param name="folder">The packages folder.</param>
    /// <param name="cause">What failed.</param>
    public static RocketException ExtractionFailed(string package, string folder, Exception cause) => new(
        "RKT2303",
        $"The NuGet package '{package}' cannot be unpacked into '{folder}': {Reason(cause)} Check the folder's free space and permissions, or set NUGET_PACKAGES to another one; a damaged package has to be replaced at its source.",
        innerException: cause);

    /// <summary>RKT2304: NuGet's configuration cannot be read.</summary>
    /// <param name="cause">What NuGet says; it names the file.</param>
    public static RocketException ConfigurationUnreadable(Exception cause) => new(
        "RKT2304", $"NuGet's configuration cannot be read: {OneLine(cause.Message)} Mend the file.", innerException: cause);

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    // NuGet wraps the reason that a person can act on.
    private static string Reason(Exception cause) => OneLine(cause.GetBaseException().Message);

    // Canonical errors are one line; some of NuGet's messages have several.
    private static string OneLine(string text)
    {
        string message = string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return message.EndsWith('.') ? message : message + ".";
    }
}
