using Rocket.Models.Tokenization.Patterns;

namespace Rocket.Models.Tokenization.PreTokenizers;

/// <summary>Splits a span at delimiters that a pattern has found.</summary>
internal static class DelimiterSplitter
{
    /// <summary>Appends the pieces; with <paramref name="invert"/> the delimiters are what lies between the matches.</summary>
    public static void Split(TextSpan span, List<UnicodeRegex.Match> matches, DelimiterBehavior behavior, bool invert, List<TextSpan> pieces)
    {
        var end = 0;
        var joiner = new Joiner(span, behavior, pieces);
        foreach (var match in matches)
        {
            joiner.Add(end, match.Start, invert);
            joiner.Add(match.Start, match.End, !invert);
            end = match.End;
        }

        joiner.Add(end, span.Length, invert);
        joiner.Flush();
    }

    /// <summary>Holds the piece that may still grow: its successor decides whether it does.</summary>
    private struct Joiner(TextSpan span, DelimiterBehavior behavior, List<TextSpan> pieces)
    {
        private int _start;
        private int _end;
        private bool _lastIsDelimiter;

        public void Add(int start, int end, bool isDelimiter)
        {
            if (start == end)
            {
                return;
            }

            if (behavior == DelimiterBehavior.Removed && isDelimiter)
            {
                Flush();
                (_start, _end) = (end, end);
                return;
            }

            var joins = behavior switch
            {
                DelimiterBehavior.Contiguous => isDelimiter == _lastIsDelimiter,
                DelimiterBehavior.MergedWithPrevious => isDelimiter && !_lastIsDelimiter,
                DelimiterBehavior.MergedWithNext => _lastIsDelimiter && !isDelimiter,
                _ => false,
            };
            if (!joins || _end == _start)
            {
                Flush();
                _start = start;
            }

            _end = end;
            _lastIsDelimiter = isDelimiter;
        }

        public void Flush()
        {
            if (_end > _start)
            {
                pieces.Add(span.Part(_start, _end));
            }

            _start = _end;
        }
    }
}
