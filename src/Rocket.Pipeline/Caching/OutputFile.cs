namespace Rocket.Pipeline.Caching;

/// <summary>One output of an action: its name among the action's outputs, and the blob that holds it.</summary>
/// <param name="Path">A relative path with <c>/</c>, such as <c>moments</c> or <c>attention/hidden</c>.</param>
/// <param name="Digest">The blob's digest.</param>
/// <param name="Size">The blob's size in bytes.</param>
public sealed record OutputFile(string Path, Digest Digest, long Size);
