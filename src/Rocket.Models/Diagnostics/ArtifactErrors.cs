namespace Rocket.Models.Diagnostics;

/// <summary>Errors of reading an artifact (RKT61xx).</summary>
public static class ArtifactErrors
{
    /// <summary>RKT6101: the rocket section of config.json cannot be read.</summary>
    public static RocketException DamagedSection(string path, Exception cause) => new(
        "RKT6101", $"The \"rocket\" section is damaged: {cause.Message} Build the artifact again.", new SourceLocation(path), cause);

    /// <summary>RKT6102: the section was written by another version.</summary>
    public static RocketException UnsupportedVersion(string path, int found, int known) => new(
        "RKT6102", $"The \"rocket\" section has version {found}; this tool reads version {known}. Update the tool or build the artifact again.", new SourceLocation(path));

    /// <summary>RKT6103: the tensors of a factored linear do not agree with its description.</summary>
    public static RocketException FactorsDoNotFit(string path, string linear, string reason) => new(
        "RKT6103", $"The factors of '{linear}' do not fit: {reason}. Build the artifact again.", new SourceLocation(path));
}
