namespace Rocket.Pipeline.Caching;

/// <summary>One file of the store.</summary>
/// <param name="Kind">Blob or action.</param>
/// <param name="Name">The blob's digest or the action's key.</param>
/// <param name="Size">Bytes.</param>
/// <param name="LastUsed">When it was written or last asked for, UTC.</param>
/// <param name="Label">The stage and model that made it; null for a blob that no action names.</param>
public sealed record StoreEntry(StoreEntryKind Kind, Digest Name, long Size, DateTime LastUsed, ActionLabel? Label);
