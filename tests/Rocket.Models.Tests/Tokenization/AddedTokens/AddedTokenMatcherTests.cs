using Rocket.Models.Tokenization.AddedTokens;

namespace Rocket.Models.Tests.Tokenization.AddedTokens;

public sealed class AddedTokenMatcherTests
{
    [Theory]
    [InlineData("a<t>b", "a|[<t>]|b")]
    [InlineData("<t><t>", "[<t>]|[<t>]")]
    [InlineData("<t>more<t>mor", "[<t>more]|[<t>]|mor")]
    [InlineData("a  <l> b", "a|[  <l>]| b")]
    [InlineData("a <r>  b", "a |[<r>  ]|b")]
    [InlineData("<r>  <l>", "[<r>  ]|[<l>]")]
    [InlineData("word words sword word", "[word]| words sword |[word]")]
    [InlineData("\u00E9word \U0001D400word word\u0301", "\u00E9word \U0001D400word word\u0301")]
    [InlineData("<t", "<t")]
    [InlineData("", "")]
    public void The_leftmost_longest_token_is_found_with_the_space_it_takes(string text, string segments)
    {
        AddedToken[] tokens =
        [
            new(0, "<t>", true, false, false, false, false),
            new(1, "<t>more", true, false, false, false, false),
            new(2, "<l>", true, false, true, false, false),
            new(3, "<r>", true, false, false, true, false),
            new(4, "word", false, true, false, false, false),
            new(5, "", false, false, false, false, false),
        ];
        var found = new List<AddedTokenMatcher.Segment>();
        new AddedTokenMatcher(tokens.Select(token => (token.Content, token))).AppendSegments(text, found);
        Assert.Equal(segments, string.Join('|', found.Select(segment => segment.Token is null ? text[segment.Start..segment.End] : $"[{text[segment.Start..segment.End]}]")));
    }
}
