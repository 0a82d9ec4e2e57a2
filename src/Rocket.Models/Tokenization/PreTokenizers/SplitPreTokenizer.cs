using Rocket.Models.Tokenization.Patterns;

namespace Rocket.Models.Tokenization.PreTokenizers;

/// <summary>Splits at the matches of a pattern.</summary>
internal sealed class SplitPreTokenizer(TextPattern pattern, DelimiterBehavior behavior, bool invert) : PreTokenizer
{
    public override void Split(TextSpan span, List<TextSpan> pieces)
    {
        var matches = new List<UnicodeRegex.Match>();
        pattern.AppendMatches(span.Chars, matches);
        DelimiterSplitter.Split(span, matches, behavior, invert, pieces);
    }
}
