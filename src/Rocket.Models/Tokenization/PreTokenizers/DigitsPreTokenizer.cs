using System.Text;
using Rocket.Models.Tokenization.Patterns;

namespace Rocket.Models.Tokenization.PreTokenizers;

/// <summary>Sets numbers apart: each numeric character (categories Nd, Nl, No) or each run of them.</summary>
internal sealed class DigitsPreTokenizer(bool individual) : PreTokenizer
{
    public override void Split(TextSpan span, List<TextSpan> pieces)
    {
        var matches = new List<UnicodeRegex.Match>();
        var at = 0;
        foreach (var rune in span.Chars.EnumerateRunes())
        {
            var next = at + rune.Utf16SequenceLength;
            if (Rune.IsNumber(rune))
            {
                matches.Add(new UnicodeRegex.Match(at, next));
            }

            at = next;
        }

        DelimiterSplitter.Split(span, matches, individual ? DelimiterBehavior.Isolated : DelimiterBehavior.Contiguous, false, pieces);
    }
}
