using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Corpora;

/// <summary>A document of a corpus: text, or token ids.</summary>
/// <param name="Text">The text, not empty; null where ids are given.</param>
/// <param name="Ids">Token ids, not empty; null where text is given.</param>
/// <param name="Location">Where it begins.</param>
public sealed record Document(string? Text, int[]? Ids, SourceLocation Location);
