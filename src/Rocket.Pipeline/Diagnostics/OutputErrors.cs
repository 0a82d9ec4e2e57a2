using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Diagnostics;

/// <summary>Errors of writing artifacts (RKT60xx).</summary>
public static class OutputErrors
{
    private const string Vanished = "RKT6003";

    /// <summary>RKT6001: the output cannot be written.</summary>
    public static RocketException CannotWrite(string folder, Exception cause) => new(
        "RKT6001", $"The artifact cannot be written: {cause.Message} Free some space, check the permissions or choose another --output; what was there is untouched.", new SourceLocation(folder), cause);

    /// <summary>RKT6002: a file where the artifact's folder goes.</summary>
    public static RocketException FileInTheWay(string folder) => new(
        "RKT6002", "A file is in the way of the artifact's folder. Move it or choose another --output.", new SourceLocation(folder));

    /// <summary>RKT6003: the store lost an output between its making and its use.</summary>
    public static RocketException BlobVanished(string file) => new(
        Vanished, $"The store lost '{file}' while the artifact was written: something else deletes from it. Build again.");

    /// <summary>Whether an error is RKT6003.</summary>
    internal static bool IsBlobVanished(RocketException exception) => exception.Code == Vanished;

    /// <summary>RKT6004: a folder that should hold an artifact holds none.</summary>
    public static RocketException NotAnArtifact(string folder) => new(
        "RKT6004", "The folder holds no rocket.json: it is not an artifact of Rocket's. Name a folder that 'rocket build' wrote.", new SourceLocation(folder));

    /// <summary>RKT6005: rocket.json cannot be read.</summary>
    public static RocketException DamagedProvenance(string path, Exception cause) => new(
        "RKT6005", $"rocket.json is damaged: {cause.Message} Build the artifact again.", new SourceLocation(path), cause);

    /// <summary>RKT6006: the weights are not as large as rocket.json says.</summary>
    public static RocketException SizesDisagree(string folder, long told, long found) => new(
        "RKT6006", $"rocket.json tells {told} bytes of weights, the files have {found}. The folder was changed after it was built: build the artifact again.", new SourceLocation(folder));

    /// <summary>RKT6007: the dependency file cannot be written.</summary>
    public static RocketException CannotWriteDependencies(string path, Exception cause) => new(
        "RKT6007", $"The dependency file cannot be written: {cause.Message} Free some space, check the permissions or choose another --depfile.", new SourceLocation(path), cause);
}
