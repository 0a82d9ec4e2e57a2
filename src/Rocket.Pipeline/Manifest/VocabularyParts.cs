namespace Rocket.Pipeline.Manifest;

/// <summary>The matrices of a decoder that are as tall as its vocabulary.</summary>
[Flags]
public enum VocabularyParts
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>The token embedding.</summary>
    Embeddings = 1,

    /// <summary>The head.</summary>
    Head = 2,
}
