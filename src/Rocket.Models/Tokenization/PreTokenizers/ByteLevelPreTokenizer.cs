using System.Text.RegularExpressions;
using Rocket.Models.Tokenization.Patterns;

namespace Rocket.Models.Tokenization.PreTokenizers;

/// <summary>GPT-2's pre-tokenizer: splits into words with its pattern, if asked, and writes each word's bytes in the byte alphabet.</summary>
internal sealed partial class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex, bool writeBytes) : PreTokenizer
{
    private static readonly UnicodeRegex Words = new(WordPattern());

    /// <summary>This pre-tokenizer with its second half left to the tokenizer, which then writes only words that it has not seen.</summary>
    public ByteLevelPreTokenizer WithoutWriting() => new(addPrefixSpace, useRegex, writeBytes: false);

    public override void Split(TextSpan span, List<TextSpan> pieces)
    {
        if (addPrefixSpace && !span.Chars.StartsWith(' '))
        {
            span = TextSpan.Whole($" {span.Chars}", span.StartsText);
        }

        var first = pieces.Count;
        if (useRegex)
        {
            var matches = new List<UnicodeRegex.Match>(span.Length / 4);
            Words.AppendMatches(span.Chars, matches);
            DelimiterSplitter.Split(span, matches, DelimiterBehavior.Isolated, false, pieces);
        }
        else if (span.Length > 0)
        {
            pieces.Add(span);
        }

        for (var i = first; writeBytes && i < pieces.Count; i++)
        {
            pieces[i] = TextSpan.Whole(ByteAlphabet.Write(pieces[i].Chars), pieces[i].StartsText);
        }
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WordPattern();
}
