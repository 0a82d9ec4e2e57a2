using System.Text;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Tests.Caching;

public sealed class DigestTests
{
    private const string Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void The_digest_of_abc_is_the_standards() => Assert.Equal(Abc, Digest.Of("abc"u8).ToString());

    [Fact]
    public void A_digest_survives_text_and_bytes()
    {
        Digest digest = Digest.Of("abc"u8);
        byte[] bytes = new byte[Digest.Length];
        digest.CopyTo(bytes);
        Assert.Equal(digest, Digest.Parse(Abc));
        Assert.Equal(Abc, Convert.ToHexStringLower(bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ba78")]
    [InlineData("zz7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Anything_else_is_no_digest(string text)
    {
        Assert.False(Digest.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Digest.Parse(text));
    }

    [Fact]
    public void A_file_has_the_digest_of_its_bytes()
    {
        using TemporaryFolder folder = new();
        string text = string.Concat(Enumerable.Repeat("0123456789", 100_000));
        Assert.Equal(Digest.Of(Encoding.UTF8.GetBytes(text)), Digest.OfFile(folder.Write("long", text)));
    }
}
