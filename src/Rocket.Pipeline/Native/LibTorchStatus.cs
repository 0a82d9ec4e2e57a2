using System.Collections.Immutable;

namespace Rocket.Pipeline.Native;

/// <summary>Whether libtorch is on this machine, and where it would come from.</summary>
/// <param name="Package">Id of the package for this platform.</param>
/// <param name="Version">The version that is needed.</param>
/// <param name="Folder">The package's folder, or the user's own; null where it was not fetched yet.</param>
/// <param name="PackagesFolder">The folder that it is fetched into.</param>
/// <param name="Sources">Names of the sources that are asked for it.</param>
public sealed record LibTorchStatus(string Package, string Version, string? Folder, string PackagesFolder, ImmutableArray<string> Sources);
