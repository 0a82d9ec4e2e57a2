namespace Rocket.Models.Tokenization.SentencePiece;

/// <summary>An entry of the vocabulary; its id is its place.</summary>
internal readonly record struct Piece(string Text, float Score, PieceKind Kind);
