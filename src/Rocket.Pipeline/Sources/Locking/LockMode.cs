namespace Rocket.Pipeline.Sources.Locking;

/// <summary>What a command may do with the lock file.</summary>
public enum LockMode
{
    /// <summary>Keep to what is pinned, and pin what is new.</summary>
    Follow,

    /// <summary>Keep to what is pinned, and refuse anything else.</summary>
    Locked,

    /// <summary>Pin everything anew, as the sources are now.</summary>
    Update,
}
