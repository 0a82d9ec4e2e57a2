using System.Text;
using CsCheck;
using Rocket.Inference.Generation;
using Rocket.Models.Tokenization;

namespace Rocket.Inference.Tests.Generation;

public sealed class StreamingDecoderTests
{
    private static readonly Tokenizer ByteLevel = Tokenizer.Load(SharedData.PathOf("models", "smollm2-135m"));
    private static readonly Tokenizer ByteFallback = Tokenizer.Load(SharedData.PathOf("models", "stories260k"));

    [Fact]
    public void The_pieces_of_any_text_make_the_text() => Gen.String.Sample(text =>
    {
        foreach (Tokenizer tokenizer in (Tokenizer[])[ByteLevel, ByteFallback])
        {
            int[] tokens = tokenizer.Encode(text, addSpecialTokens: false);
            Assert.Equal(tokenizer.Decode(tokens, skipSpecialTokens: true), Stream(tokenizer, tokens, out _));
        }
    });

    [Theory]
    [InlineData("Hello  world\n\n\tcode { }")]
    [InlineData("🚀🇫🇷👩‍👩‍👧 日本語 ελληνικά é e\u0301")]
    [InlineData(" leading and trailing ")]
    public void No_piece_holds_a_part_of_a_character(string text)
    {
        foreach (Tokenizer tokenizer in (Tokenizer[])[ByteLevel, ByteFallback])
        {
            int[] tokens = tokenizer.Encode(text, addSpecialTokens: false);
            Assert.Equal(tokenizer.Decode(tokens, skipSpecialTokens: true), Stream(tokenizer, tokens, out List<string> pieces));
            Assert.DoesNotContain(pieces, piece => piece.Contains('\uFFFD', StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Bytes_that_are_no_text_come_at_the_latest_at_the_end()
    {
        int[] rocket = ByteLevel.Encode("🚀", addSpecialTokens: false);
        Assert.True(rocket.Length > 1);
        Assert.Equal(ByteLevel.Decode(rocket.AsSpan(0, 1), skipSpecialTokens: true), Stream(ByteLevel, rocket[..1], out _));
    }

    private static string Stream(Tokenizer tokenizer, int[] tokens, out List<string> pieces)
    {
        var decoder = new StreamingDecoder(tokenizer);
        pieces = [.. tokens.Select(decoder.Append), decoder.Flush()];
        return pieces.Aggregate(new StringBuilder(), (text, piece) => text.Append(piece)).ToString();
    }
}
