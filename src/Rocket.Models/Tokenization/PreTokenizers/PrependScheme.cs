namespace Rocket.Models.Tokenization.PreTokenizers;

/// <summary>Which pieces of text Metaspace begins with its visible space.</summary>
internal enum PrependScheme
{
    /// <summary>None.</summary>
    Never,

    /// <summary>Only one at the beginning of the whole text.</summary>
    First,

    /// <summary>Each.</summary>
    Always,
}
