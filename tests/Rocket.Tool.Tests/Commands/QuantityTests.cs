using Rocket.Models.Diagnostics;
using Rocket.Tool.Commands;

namespace Rocket.Tool.Tests.Commands;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("20GB", 20_000_000_000)]
    [InlineData("1.5kB", 1500)]
    [InlineData("16 GiB", 17_179_869_184)]
    [InlineData("7B", 7)]
    public void A_size_is_a_number_with_a_unit(string text, long bytes) => Assert.Equal(bytes, Quantity.ParseSize("--max-size", text));

    [Theory]
    [InlineData("90m", 1.5)]
    [InlineData("12h", 12)]
    [InlineData("30d", 720)]
    [InlineData("2w", 336)]
    public void An_age_is_a_number_with_a_unit(string text, double hours) => Assert.Equal(hours, Quantity.ParseAge("--older-than", text).TotalHours, 1e-6);

    [Theory]
    [InlineData("")]
    [InlineData("GB")]
    [InlineData("-1GB")]
    [InlineData("20")]
    [InlineData("99999999999TiB")]
    public void Anything_else_is_refused(string text)
    {
        Assert.Throws<RocketException>(() => Quantity.ParseSize("--max-size", text));
        Assert.Throws<RocketException>(() => Quantity.ParseAge("--older-than", text));
    }
}
