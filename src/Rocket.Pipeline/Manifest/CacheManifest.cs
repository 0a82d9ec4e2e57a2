namespace Rocket.Pipeline.Manifest;

/// <summary>What a manifest says of the cache.</summary>
public sealed record CacheManifest
{
    /// <summary>Address of the cache that a team shares, or null.</summary>
    public Located<Uri>? Remote { get; init; }

    /// <summary>Most bytes of this machine's cache, or null for no limit.</summary>
    public Located<long>? MaximumSize { get; init; }
}
