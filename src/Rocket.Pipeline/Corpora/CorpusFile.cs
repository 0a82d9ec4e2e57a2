namespace Rocket.Pipeline.Corpora;

/// <summary>A text file that a pattern found.</summary>
/// <param name="Name">Its path relative to the patterns' folder, with <c>/</c>; files are in ordinal order of it.</param>
/// <param name="Path">Its full path.</param>
public sealed record CorpusFile(string Name, string Path);
