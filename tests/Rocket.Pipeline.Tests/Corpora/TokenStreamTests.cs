using System.Text;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Corpora;

namespace Rocket.Pipeline.Tests.Corpora;

public sealed class TokenStreamTests
{
    private static readonly SourceLocation Nowhere = new("a.txt", 1, 1);

    [Fact]
    public void Without_BOS_the_documents_are_joined_by_two_newlines()
    {
        List<(string, bool)> asked = [];
        TokenStream stream = TokenStream.Concatenate(Texts("a b", "c"), (text, special) => Encode(asked, text, special), addsBos: false);
        Assert.Equal([("a b\n\nc", false)], asked);
        Assert.Equal("a b\n\nc".Select(character => (int)character), stream.Ids);
    }

    [Fact]
    public void With_BOS_the_documents_come_one_by_one()
    {
        List<(string, bool)> asked = [];
        TokenStream stream = TokenStream.Concatenate(Texts("a b", "c"), (text, special) => Encode(asked, text, special), addsBos: true);
        Assert.Equal([("a b", true), ("c", true)], asked);
        Assert.Equal([1, 'a', ' ', 'b', 1, 'c'], stream.Ids);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Words_and_bytes_are_those_of_the_joined_text(bool addsBos)
    {
        TokenStream stream = TokenStream.Concatenate(Texts(" é  b\t", "c"), (text, _) => [.. text.Select(character => (int)character)], addsBos);
        Assert.Equal(3, stream.Words);
        Assert.Equal(Encoding.UTF8.GetByteCount(" é  b\t\n\nc"), stream.Bytes);
    }

    [Fact]
    public void Ids_are_concatenated_and_need_no_tokenizer()
    {
        TokenStream stream = TokenStream.Concatenate([new Document(null, [3, 4], Nowhere), new Document(null, [5], Nowhere)], null, addsBos: true);
        Assert.Equal([3, 4, 5], stream.Ids);
        Assert.Null(stream.Words);
        Assert.Null(stream.Bytes);
    }

    private static IEnumerable<Document> Texts(params string[] texts) => texts.Select(text => new Document(text, null, Nowhere));

    private static int[] Encode(List<(string Text, bool Special)> asked, string text, bool special)
    {
        asked.Add((text, special));
        return [.. special ? [1] : Array.Empty<int>(), .. text.Select(character => (int)character)];
    }
}
