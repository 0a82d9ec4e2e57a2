namespace Rocket.Pipeline.Caching;

/// <summary>What an entry of the store is.</summary>
public enum StoreEntryKind
{
    /// <summary>Bytes under their digest, in <c>cas/</c>.</summary>
    Blob,

    /// <summary>The outputs of an action under its key, in <c>ac/</c>.</summary>
    Action,
}
