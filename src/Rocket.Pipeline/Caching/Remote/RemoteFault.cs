namespace Rocket.Pipeline.Caching.Remote;

/// <summary>A request that failed: worth another try, never worth a failed build.</summary>
#pragma warning disable CA1032 // Made at one place, and never seen outside of it.
internal sealed class RemoteFault(string reason, Exception cause) : Exception(reason, cause);
#pragma warning restore CA1032
