using System.Collections.Immutable;

namespace Rocket.Pipeline.Sources;

/// <summary>A model that was fetched.</summary>
/// <param name="Folder">Where its files are.</param>
/// <param name="Revision">The commit or version that they are of.</param>
/// <param name="Files">Their paths below the folder, with forward slashes.</param>
internal sealed record FetchedModel(string Folder, string Revision, ImmutableArray<string> Files);
