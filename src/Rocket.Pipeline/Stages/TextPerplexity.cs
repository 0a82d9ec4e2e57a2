using Rocket.Compression.Evaluation;

namespace Rocket.Pipeline.Stages;

/// <summary>Perplexity on one text.</summary>
/// <param name="Text">Name of the text's file, relative to the manifest.</param>
/// <param name="Result">What was measured.</param>
public sealed record TextPerplexity(string Text, PerplexityResult Result);
