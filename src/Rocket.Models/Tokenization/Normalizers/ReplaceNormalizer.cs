using System.Text;
using Rocket.Models.Tokenization.Patterns;

namespace Rocket.Models.Tokenization.Normalizers;

/// <summary>Puts a fixed text in the place of every match.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : Normalizer
{
    public override string Normalize(string text)
    {
        var matches = new List<UnicodeRegex.Match>();
        pattern.AppendMatches(text, matches);
        if (matches.Count == 0)
        {
            return text;
        }

        var output = new StringBuilder(text.Length);
        var end = 0;
        foreach (var match in matches)
        {
            output.Append(text, end, match.Start - end).Append(content);
            end = match.End;
        }

        return output.Append(text, end, text.Length - end).ToString();
    }
}
