namespace Rocket.Tests;

/// <summary>What a server does wrong in one answer.</summary>
internal sealed record HubFault
{
    /// <summary>A status instead of an answer.</summary>
    public int? Status { get; init; }

    /// <summary>What comes with the status.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Headers that replace the right ones.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>Changes the content; the length that is told is that of the change, unless a header says otherwise.</summary>
    public Func<byte[], byte[]>? Change { get; init; }

    /// <summary>Bytes of content after which the connection is cut.</summary>
    public int? CutAfter { get; init; }
}
