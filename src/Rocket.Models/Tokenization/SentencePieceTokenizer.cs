using System.Text;
using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization.SentencePiece;

namespace Rocket.Models.Tokenization;

/// <summary>A SentencePiece BPE model (Kudo and Richardson 2018), read from its .model file.</summary>
/// <remarks>Control pieces written in a text are plain text, and decoding never shows them, as in the sentencepiece library.</remarks>
public sealed class SentencePieceTokenizer : Tokenizer
{
    private readonly SentencePieceModel _model;
    private readonly SpaceNormalizer _normalizer;
    private readonly ScoredMerges _merges;
    private readonly int _unknownId;
    private readonly int[] _byteIds;
    private readonly Dictionary<int, byte> _bytes = [];

    private SentencePieceTokenizer(SentencePieceModel model, int unknownId, int[] byteIds)
    {
        _model = model;
        _unknownId = unknownId;
        _byteIds = byteIds;
        var userDefined = new UserDefinedPieces(model.Pieces.Where(piece => piece.Kind == PieceKind.UserDefined).Select(piece => piece.Text));
        _normalizer = new SpaceNormalizer(model, userDefined);
        _merges = new ScoredMerges(model.Pieces, userDefined);
        for (var b = 0; b < byteIds.Length; b++)
        {
            _bytes.TryAdd(byteIds[b], (byte)b);
        }

        AddsBeginOfSequence = model.BeginId >= 0 && model.BeginId < model.Pieces.Count && model.Pieces[model.BeginId].Kind == PieceKind.Control;
    }

    /// <inheritdoc/>
    public override int VocabularySize => _model.Pieces.Count;

    /// <inheritdoc/>
    public override bool AddsBeginOfSequence { get; }

    /// <summary>Reads a .model file.</summary>
    /// <exception cref="RocketException">RKT2407, RKT2408, RKT2410: it is malformed, uses what is not supported, or cannot be read.</exception>
    public static new SentencePieceTokenizer Load(string path)
    {
        SentencePieceModel model;
        try
        {
            model = SentencePieceModel.Read(ReadFile(path));
        }
        catch (InvalidDataException e)
        {
            throw TokenizerErrors.MalformedSentencePiece(path, e.Message);
        }

        if (Unsupported(model) is { } feature)
        {
            throw TokenizerErrors.UnsupportedSentencePiece(path, feature);
        }

        var pieces = model.Pieces.Select((piece, id) => (piece, id)).ToArray();
        var unknown = Array.FindIndex(pieces, entry => entry.piece.Kind == PieceKind.Unknown);
        if (unknown < 0)
        {
            throw TokenizerErrors.MalformedSentencePiece(path, "it has no piece for unknown characters");
        }

        var byteIds = model.ByteFallback
            ? [.. Enumerable.Range(0, 256).Select(b => Array.FindIndex(pieces, entry => entry.piece.Kind == PieceKind.Byte && entry.piece.Text == $"<0x{b:X2}>"))]
            : Array.Empty<int>();
        return byteIds.Contains(-1)
            ? throw TokenizerErrors.MalformedSentencePiece(path, "it falls back to bytes and lacks some of the 256 byte pieces")
            : new SentencePieceTokenizer(model, unknown, byteIds);
    }

    /// <inheritdoc/>
    public override int[] Encode(string text, bool addSpecialTokens)
    {
        var normalized = _normalizer.Normalize(WellFormed(text));
        var parts = new List<(int Start, int Length, int Id)>(normalized.Length / 2);
        _merges.AppendParts(normalized, parts);
        var ids = new List<int>(parts.Count + 1);
        if (addSpecialTokens && AddsBeginOfSequence)
        {
            ids.Add(_model.BeginId);
        }

        var afterUnknown = false;
        foreach (var (start, length, id) in parts)
        {
            if (id >= 0)
            {
                ids.Add(id);
            }
            else if (_model.ByteFallback)
            {
                ids.AddRange(Encoding.UTF8.GetBytes(normalized[start..(start + length)]).Select(b => _byteIds[b]));
            }
            else if (!afterUnknown)
            {
                ids.Add(_unknownId);
            }

            afterUnknown = id < 0;
        }

        return [.. ids];
    }

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens)
    {
        var output = new StringBuilder();
        var bytes = new List<byte>();
        var beginsWithSpace = false;
        foreach (var id in ids)
        {
            if (_bytes.TryGetValue(id, out var value))
            {
                bytes.Add(value);
                continue;
            }

            AppendBytes(bytes, output);
            if ((uint)id < (uint)_model.Pieces.Count)
            {
                AppendPiece(id, output, ref beginsWithSpace);
            }
        }

        AppendBytes(bytes, output);
        return output.ToString();
    }

    private void AppendPiece(int id, StringBuilder output, ref bool beginsWithSpace)
    {
        var piece = _model.Pieces[id];
        if (piece.Kind == PieceKind.Control)
        {
            return;
        }

        if (piece.Kind == PieceKind.Unknown)
        {
            output.Append(_model.UnknownSurface);
            return;
        }

        // The dummy prefix's space is dropped; where surplus spaces are, so is every one before the first visible character.
        var text = piece.Text;
        var drops = (_model.AddsDummyPrefix || _model.RemovesExtraSpaces) && output.Length == 0 && !beginsWithSpace && text[0] == SpaceNormalizer.VisibleSpace;
        beginsWithSpace |= drops && !_model.RemovesExtraSpaces;
        output.Append(text.AsSpan(drops ? 1 : 0));
        output.Replace(SpaceNormalizer.VisibleSpace, ' ', output.Length - (text.Length - (drops ? 1 : 0)), text.Length - (drops ? 1 : 0));
    }

    /// <summary>Appends a run of bytes as UTF-8; each byte that is part of none becomes U+FFFD.</summary>
    private static void AppendBytes(List<byte> bytes, StringBuilder output)
    {
        ReadOnlySpan<byte> rest = [.. bytes];
        while (!rest.IsEmpty)
        {
            var valid = Rune.DecodeFromUtf8(rest, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            output.Append(valid ? rune.ToString() : "\uFFFD");
            rest = rest[(valid ? length : 1)..];
        }

        bytes.Clear();
    }

    private static string? Unsupported(SentencePieceModel model) => model switch
    {
        { ModelType: not 2 } => $"model type {model.ModelType} (only 2, BPE, is)",
        { HasCharacterMap: true } => "a character map for normalization",
        { SpaceIsSuffix: true } => "spaces as suffixes",
        _ => null,
    };
}
