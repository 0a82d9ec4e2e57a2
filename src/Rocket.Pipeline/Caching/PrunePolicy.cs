namespace Rocket.Pipeline.Caching;

/// <summary>What pruning may leave in the store.</summary>
public sealed record PrunePolicy
{
    /// <summary>Most bytes that stay; the least recently used entries go first. Null for no limit.</summary>
    public long? MaximumSize { get; init; }

    /// <summary>Entries that were not used for longer go. Null for no limit.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>Tells what would go and deletes nothing.</summary>
    public bool IsDryRun { get; init; }
}
