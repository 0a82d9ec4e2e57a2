namespace Rocket.Models.Tokenization.SentencePiece;

/// <summary>What a piece is; the numbers are those of sentencepiece_model.proto.</summary>
internal enum PieceKind
{
    /// <summary>Part of words.</summary>
    Normal = 1,

    /// <summary>Stands for what the vocabulary does not have.</summary>
    Unknown = 2,

    /// <summary>Never in text: beginning and end of sequence.</summary>
    Control = 3,

    /// <summary>Always a piece of its own where it stands in text.</summary>
    UserDefined = 4,

    /// <summary>Kept for merging only; never in the result.</summary>
    Unused = 5,

    /// <summary>One byte, for characters that the vocabulary does not have.</summary>
    Byte = 6,
}
