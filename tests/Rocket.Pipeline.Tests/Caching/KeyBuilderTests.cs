using CsCheck;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Tests.Caching;

public sealed class KeyBuilderTests
{
    [Fact]
    public void Equal_fields_give_equal_keys() => Assert.Equal(Full().Build(), Full().Build());

    [Fact]
    public void Building_does_not_change_the_key()
    {
        KeyBuilder key = Full();
        Assert.Equal(key.Build(), key.Build());
    }

    [Fact]
    public void Every_field_matters()
    {
        Digest[] keys =
        [
            Full().Build(),
            new KeyBuilder("s", 2).Build(),
            new KeyBuilder("s", 1).Build(),
            new KeyBuilder("t", 1).Build(),
            new KeyBuilder("s", 1).Add("a", "1").Build(),
            new KeyBuilder("s", 1).Add("a", 1).Build(),
            new KeyBuilder("s", 1).Add("a", 1.0).Build(),
            new KeyBuilder("s", 1).Add("a", true).Build(),
            new KeyBuilder("s", 1).Add("a", false).Build(),
            new KeyBuilder("s", 1).Add("b", 1).Build(),
            new KeyBuilder("s", 1).Add("a", Digest.Of("1"u8)).Build(),
            new KeyBuilder("s", 1).Add("a", [Digest.Of("1"u8)]).Build(),
            new KeyBuilder("s", 1).Add("a", Array.Empty<Digest>()).Build(),
            new KeyBuilder("s", 1).Add("a", Array.Empty<double>()).Build(),
            new KeyBuilder("s", 1).Add("a", 0.0).Build(),
            new KeyBuilder("s", 1).Add("a", -0.0).Build(),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void Different_pairs_of_texts_never_share_a_key() =>
        Gen.Select(Gen.String[0, 4], Gen.String[0, 4], Gen.String[0, 4], Gen.String[0, 4]).Sample((a, b, c, d) =>
            ((a, b) == (c, d)) == (Pair(a, b) == Pair(c, d)));

    [Fact]
    public void A_key_is_the_same_in_every_process_and_version() =>
        Assert.Equal(
            Digest.Parse("e83cffe30a970165fce98485f4546ffb99246fd241f784f9227baa3b56b628f9"),
            Full().Build());

    private static Digest Pair(string a, string b) => new KeyBuilder("s", 1).Add("a", a).Add("b", b).Build();

    private static KeyBuilder Full() => new KeyBuilder("profile", 3)
        .Add("name", "smollm2").Add("count", 42).Add("rho", 1.5).Add("tied", true)
        .Add("weight", Digest.Of("w"u8)).Add("inputs", [Digest.Of("a"u8), Digest.Of("b"u8)]);
}
