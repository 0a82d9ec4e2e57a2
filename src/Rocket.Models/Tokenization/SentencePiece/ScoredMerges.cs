namespace Rocket.Models.Tokenization.SentencePiece;

/// <summary>SentencePiece's byte-pair encoding: of all neighbouring pairs that join to a piece the one with the highest score is joined, the leftmost of equals.</summary>
internal sealed class ScoredMerges
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly IReadOnlyList<Piece> _pieces;
    private readonly UserDefinedPieces _userDefined;

    public ScoredMerges(IReadOnlyList<Piece> pieces, UserDefinedPieces userDefined)
    {
        _pieces = pieces;
        _userDefined = userDefined;
        for (var id = 0; id < pieces.Count; id++)
        {
            if (pieces[id].Kind is PieceKind.Normal or PieceKind.UserDefined or PieceKind.Unused)
            {
                _ids.TryAdd(pieces[id].Text, id);
            }
        }

        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Appends the parts of a normalized text, each with its piece's id or -1 for a character that is no piece.</summary>
    public void AppendParts(string text, List<(int Start, int Length, int Id)> parts)
    {
        if (text.Length == 0)
        {
            return;
        }

        var symbols = Symbols(text);
        var queue = new PriorityQueue<(int Left, int Right, int Length), (float NegativeScore, int Left)>();
        // A piece that is unused falls apart again into what it was joined from.
        var joined = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 1; i < symbols.Length; i++)
        {
            Enqueue(text, symbols, i - 1, i, queue, joined);
        }

        while (queue.TryDequeue(out var pair, out _))
        {
            ref var left = ref symbols[pair.Left];
            ref var right = ref symbols[pair.Right];
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != pair.Length)
            {
                continue;
            }

            left.Length += right.Length;
            left.Next = right.Next;
            right.Length = 0;
            if (left.Next >= 0)
            {
                symbols[left.Next].Previous = pair.Left;
                Enqueue(text, symbols, pair.Left, left.Next, queue, joined);
            }

            if (left.Previous >= 0)
            {
                Enqueue(text, symbols, left.Previous, pair.Left, queue, joined);
            }
        }

        for (var i = 0; i >= 0; i = symbols[i].Next)
        {
            AppendPart(text, symbols[i].Start, symbols[i].Length, joined, parts);
        }
    }

    private Symbol[] Symbols(string text)
    {
        var symbols = new List<Symbol>(text.Length);
        for (var start = 0; start < text.Length;)
        {
            var whole = _userDefined.LengthAt(text, start);
            var length = whole > 0 ? whole : char.IsHighSurrogate(text[start]) && start + 1 < text.Length ? 2 : 1;
            symbols.Add(new Symbol(start, length, symbols.Count - 1, symbols.Count + 1, whole > 0));
            start += length;
        }

        symbols[^1] = symbols[^1] with { Next = -1 };
        return [.. symbols];
    }

    private void Enqueue(
        string text, Symbol[] symbols, int left, int right, PriorityQueue<(int Left, int Right, int Length), (float NegativeScore, int Left)> queue, Dictionary<string, int> joined)
    {
        if (symbols[left].IsWhole || symbols[right].IsWhole)
        {
            return;
        }

        var length = symbols[left].Length + symbols[right].Length;
        if (!_lookup.TryGetValue(text.AsSpan(symbols[left].Start, length), out var id))
        {
            return;
        }

        queue.Enqueue((left, right, length), (-_pieces[id].Score, left));
        if (_pieces[id].Kind == PieceKind.Unused)
        {
            joined[_pieces[id].Text] = symbols[left].Length;
        }
    }

    private void AppendPart(string text, int start, int length, Dictionary<string, int> joined, List<(int Start, int Length, int Id)> parts)
    {
        var id = _lookup.TryGetValue(text.AsSpan(start, length), out var found) ? found : -1;
        if (id >= 0 && _pieces[id].Kind == PieceKind.Unused && joined.TryGetValue(_pieces[id].Text, out var leftLength))
        {
            AppendPart(text, start, leftLength, joined, parts);
            AppendPart(text, start + leftLength, length - leftLength, joined, parts);
            return;
        }

        parts.Add((start, length, id));
    }

    /// <summary>A stretch of the text in a doubly linked list; -1 for no neighbour, length 0 once joined to its left one.</summary>
    private record struct Symbol(int Start, int Length, int Previous, int Next, bool IsWhole);
}
