namespace Rocket.Models.Tokenization.SentencePiece;

/// <summary>The contents of a .model file that matter for encoding and decoding, with the format's defaults.</summary>
internal sealed record SentencePieceModel
{
    public required IReadOnlyList<Piece> Pieces { get; init; }

    /// <summary>1 Unigram, 2 BPE, 3 word, 4 character.</summary>
    public int ModelType { get; init; } = 1;

    public bool ByteFallback { get; init; }

    public bool SpaceIsSuffix { get; init; }

    /// <summary>The beginning-of-sequence piece, or -1 for none.</summary>
    public int BeginId { get; init; } = 1;

    /// <summary>What the unknown piece is decoded to.</summary>
    public string UnknownSurface { get; init; } = " \u2047 ";

    /// <summary>Whether normalization is more than the treatment of spaces.</summary>
    public bool HasCharacterMap { get; init; }

    public bool AddsDummyPrefix { get; init; } = true;

    public bool RemovesExtraSpaces { get; init; } = true;

    public bool EscapesSpaces { get; init; } = true;

    /// <summary>Reads the file format, sentencepiece_model.proto.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such model.</exception>
    public static SentencePieceModel Read(ReadOnlySpan<byte> bytes)
    {
        var pieces = new List<Piece>();
        var model = new SentencePieceModel { Pieces = pieces };
        var reader = new ProtobufReader(bytes);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    pieces.Add(ReadPiece(reader.Bytes));
                    break;
                case 2:
                    model = ReadTrainerSpec(reader.Bytes, model);
                    break;
                case 3:
                    model = ReadNormalizerSpec(reader.Bytes, model);
                    break;
            }
        }

        return pieces.Count > 0 ? model : throw new InvalidDataException("it has no pieces");
    }

    private static Piece ReadPiece(ReadOnlySpan<byte> bytes)
    {
        var piece = new Piece("", 0, PieceKind.Normal);
        var reader = new ProtobufReader(bytes);
        while (reader.Read())
        {
            piece = reader.Field switch
            {
                1 => piece with { Text = System.Text.Encoding.UTF8.GetString(reader.Bytes) },
                2 => piece with { Score = reader.Float },
                3 => piece with { Kind = (PieceKind)reader.Number },
                _ => piece,
            };
        }

        return piece.Text.Length > 0 && Enum.IsDefined(piece.Kind) ? piece : throw new InvalidDataException("a piece is empty or of an unknown kind");
    }

    private static SentencePieceModel ReadTrainerSpec(ReadOnlySpan<byte> bytes, SentencePieceModel model)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Read())
        {
            model = reader.Field switch
            {
                3 => model with { ModelType = (int)reader.Number },
                24 => model with { SpaceIsSuffix = reader.Number != 0 },
                35 => model with { ByteFallback = reader.Number != 0 },
                41 => model with { BeginId = (int)reader.Number },
                44 => model with { UnknownSurface = System.Text.Encoding.UTF8.GetString(reader.Bytes) },
                _ => model,
            };
        }

        return model;
    }

    private static SentencePieceModel ReadNormalizerSpec(ReadOnlySpan<byte> bytes, SentencePieceModel model)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Read())
        {
            model = reader.Field switch
            {
                2 => model with { HasCharacterMap = reader.Bytes.Length > 0 },
                3 => model with { AddsDummyPrefix = reader.Number != 0 },
                4 => model with { RemovesExtraSpaces = reader.Number != 0 },
                5 => model with { EscapesSpaces = reader.Number != 0 },
                _ => model,
            };
        }

        return model;
    }
}
