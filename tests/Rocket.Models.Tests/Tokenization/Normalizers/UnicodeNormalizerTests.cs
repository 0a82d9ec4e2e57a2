using CsCheck;
using Rocket.Models.Tokenization.Normalizers;

namespace Rocket.Models.Tests.Tokenization.Normalizers;

public sealed class UnicodeNormalizerTests
{
    private static readonly UnicodeNormalizer Nfc = new(compatibility: false, compose: true);
    private static readonly UnicodeNormalizer Nfd = new(compatibility: false, compose: false);
    private static readonly UnicodeNormalizer Nfkc = new(compatibility: true, compose: true);
    private static readonly UnicodeNormalizer Nfkd = new(compatibility: true, compose: false);

    // The figures of Unicode Standard Annex 15, and the cases that implementations get wrong.
    [Theory]
    [InlineData("\u212B", "\u00C5", "A\u030A", "\u00C5", "A\u030A")]
    [InlineData("\u2126", "\u03A9", "\u03A9", "\u03A9", "\u03A9")]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323", "\u017F\u0323\u0307", "\u1E69", "s\u0323\u0307")]
    [InlineData("\uFB01", "\uFB01", "\uFB01", "fi", "fi")]
    [InlineData("2\u2075", "2\u2075", "2\u2075", "25", "25")]
    [InlineData("\uD55C", "\uD55C", "\u1112\u1161\u11AB", "\uD55C", "\u1112\u1161\u11AB")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C", "\u1112\u1161\u11AB", "\uD55C", "\u1112\u1161\u11AB")]
    [InlineData("a\u0315\u0300", "\u00E0\u0315", "a\u0300\u0315", "\u00E0\u0315", "a\u0300\u0315")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C")]
    [InlineData("\u0344", "\u0308\u0301", "\u0308\u0301", "\u0308\u0301", "\u0308\u0301")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165", "\U0001D157\U0001D165", "\U0001D157\U0001D165", "\U0001D157\U0001D165")]
    [InlineData("\u0B47\u0300\u0B3E", "\u0B47\u0300\u0B3E", "\u0B47\u0300\u0B3E", "\u0B47\u0300\u0B3E", "\u0B47\u0300\u0B3E")]
    public void A_text_has_the_forms_of_the_standard(string text, string nfc, string nfd, string nfkc, string nfkd)
    {
        Assert.Equal(nfc, Nfc.Normalize(text));
        Assert.Equal(nfd, Nfd.Normalize(text));
        Assert.Equal(nfkc, Nfkc.Normalize(text));
        Assert.Equal(nfkd, Nfkd.Normalize(text));
    }

    [Fact]
    public void Normalizing_again_changes_nothing()
    {
        Gen.OneOf(Gen.Char['\u0300', '\u036F'], Gen.Char['\u00C0', '\u024F'], Gen.Char['\u1100', '\u11FF'], Gen.Char['\u0900', '\u0D7F'], Gen.Char['a', 'z'])
            .Array[0, 12].Select(units => new string(units))
            .Sample(text => Array.TrueForAll([Nfc, Nfd, Nfkc, Nfkd], form => form.Normalize(form.Normalize(text)) == form.Normalize(text))
                && Nfc.Normalize(Nfd.Normalize(text)) == Nfc.Normalize(text));
    }
}
