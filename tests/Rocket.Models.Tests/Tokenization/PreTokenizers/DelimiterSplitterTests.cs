using Rocket.Models.Tokenization.Patterns;
using Rocket.Models.Tokenization.PreTokenizers;

namespace Rocket.Models.Tests.Tokenization.PreTokenizers;

public sealed class DelimiterSplitterTests
{
    // The example of the tokenizers library's documentation.
    private const string Text = "the-final--countdown";

    [Theory]
    [InlineData("Removed", "the|final|countdown")]
    [InlineData("Isolated", "the|-|final|-|-|countdown")]
    [InlineData("MergedWithPrevious", "the-|final-|-|countdown")]
    [InlineData("MergedWithNext", "the|-final|-|-countdown")]
    [InlineData("Contiguous", "the|-|final|--|countdown")]
    public void Delimiters_go_where_the_behavior_says(string behavior, string pieces) => Assert.Equal(pieces, Split(Text, behavior, invert: false));

    [Theory]
    [InlineData("Removed", "-|-|-")]
    [InlineData("MergedWithPrevious", "the|-final|-|-countdown")]
    public void Inverted_what_lies_between_matches_is_the_delimiter(string behavior, string pieces) => Assert.Equal(pieces, Split(Text, behavior, invert: true));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("--")]
    [InlineData("a")]
    public void Nothing_but_removed_delimiters_is_lost(string text)
    {
        Assert.All(["Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"], behavior =>
            Assert.Equal(text, Split(text, behavior, invert: false).Replace("|", "", StringComparison.Ordinal)));
    }

    private static string Split(string text, string behavior, bool invert)
    {
        var matches = Enumerable.Range(0, text.Length).Where(i => text[i] == '-').Select(i => new UnicodeRegex.Match(i, i + 1)).ToList();
        var pieces = new List<TextSpan>();
        DelimiterSplitter.Split(TextSpan.Whole(text, startsText: true), matches, Enum.Parse<DelimiterBehavior>(behavior), invert, pieces);
        return string.Join('|', pieces.Select(piece => piece.Chars.ToString()));
    }
}
