using System.Globalization;
using System.Text;
using Rocket.Models.Tokenization.Patterns;

namespace Rocket.Models.Tests.Tokenization.Patterns;

public sealed class UnicodeRegexTests
{
    [Theory]
    [InlineData(@"\p{L}+", "a\U0001D400b\U0001D7D81", "a\U0001D400b")]
    [InlineData(@"\p{N}+", "a\U0001D400b\U0001D7D81", "\U0001D7D81")]
    [InlineData(@"[^\s\p{L}\p{N}]+", "a\U0001F600\U0001F44D\U0001F3FDb", "\U0001F600\U0001F44D\U0001F3FD")]
    [InlineData(@".", "\U0001F600", "\U0001F600")]
    [InlineData(@"(?i:'s|'re)", "it'\u017Fx", "'\u017F")]
    [InlineData(@"(?i:'s|'re)", "they'RE", "'RE")]
    [InlineData(@"(?i)a[r-t]", "A\u017F", "A\u017F")]
    [InlineData(@"(?i)\x27K", "'\u212A", "'\u212A")]
    [InlineData(@"'s", "it'\u017Fx 's", "'s")]
    [InlineData(@"(?i:a)s", "A\u017F as", "as")]
    [InlineData(@"\s+", "\u0085\u00A0\u2028\u3000\u200B", "\u0085\u00A0\u2028\u3000")]
    [InlineData(@"a$", "a\nb", "a")]
    public void It_matches_as_the_reference_does(string pattern, string text, string first)
    {
        var matches = new List<UnicodeRegex.Match>();
        UnicodeRegex.Parse(pattern).AppendMatches(text, matches);
        Assert.Equal(first, text[matches[0].Start..matches[0].End]);
    }

    [Fact]
    public void Every_code_point_beyond_the_BMP_is_seen_with_its_own_category()
    {
        for (var value = 0x10000; value <= 0x10FFFF; value++)
        {
            var rune = new Rune(value);
            var projected = CodePointProjection.Project(rune.ToString(), out var offsets);
            Assert.Equal(Rune.GetUnicodeCategory(rune), CharUnicodeInfo.GetUnicodeCategory(Assert.Single(projected)));
            Assert.Equal([0, 2], offsets);
        }
    }
}
