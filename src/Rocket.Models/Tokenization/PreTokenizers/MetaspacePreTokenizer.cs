using Rocket.Models.Tokenization.Patterns;

namespace Rocket.Models.Tokenization.PreTokenizers;

/// <summary>Writes spaces as a visible character (U+2581), may begin the text with one, and may split before each.</summary>
internal sealed class MetaspacePreTokenizer(char replacement, PrependScheme prepend, bool split) : PreTokenizer
{
    public override void Split(TextSpan span, List<TextSpan> pieces)
    {
        var text = span.Chars.ToString().Replace(' ', replacement);
        if ((prepend == PrependScheme.Always || (prepend == PrependScheme.First && span.StartsText)) && !text.StartsWith(replacement))
        {
            text = replacement + text;
        }

        var whole = TextSpan.Whole(text, span.StartsText);
        var matches = new List<UnicodeRegex.Match>();
        for (var at = 0; split && at < text.Length; at++)
        {
            if (text[at] == replacement)
            {
                matches.Add(new UnicodeRegex.Match(at, at + 1));
            }
        }

        DelimiterSplitter.Split(whole, matches, DelimiterBehavior.MergedWithNext, false, pieces);
    }
}
