namespace Rocket.Models.Tokenization.SentencePiece;

/// <summary>The pieces that stay whole wherever they stand, looked for longest first.</summary>
internal sealed class UserDefinedPieces(IEnumerable<string> pieces)
{
    private readonly Dictionary<char, string[]> _byFirst = pieces
        .GroupBy(piece => piece[0])
        .ToDictionary(group => group.Key, group => group.OrderByDescending(piece => piece.Length).ToArray());

    /// <summary>The length of the longest such piece at a place in a text, or 0.</summary>
    public int LengthAt(string text, int start)
    {
        if (_byFirst.Count == 0 || !_byFirst.TryGetValue(text[start], out var candidates))
        {
            return 0;
        }

        foreach (var candidate in candidates)
        {
            if (text.AsSpan(start).StartsWith(candidate, StringComparison.Ordinal))
            {
                return candidate.Length;
            }
        }

        return 0;
    }
}
