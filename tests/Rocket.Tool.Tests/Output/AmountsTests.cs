using Rocket.Pipeline.Reporting;

namespace Rocket.Tool.Tests.Output;

public sealed class AmountsTests
{
    [Fact]
    public void Numbers_read_well()
    {
        Assert.Equal("269.1 MB", Amounts.Size(269_060_552));
        Assert.Equal("999 B", Amounts.Size(999));
        Assert.Equal("226 560", Amounts.Count(226_560));
        Assert.Equal("30.02 %", Amounts.Percent(0.30021));
        Assert.Equal("1 s", Amounts.Time(TimeSpan.Zero));
        Assert.Equal("42 s", Amounts.Time(TimeSpan.FromSeconds(42)));
        Assert.Equal("2 min 5 s", Amounts.Time(TimeSpan.FromSeconds(125)));
        Assert.Equal("26 h 1 min", Amounts.Time(TimeSpan.FromHours(26) + TimeSpan.FromMinutes(1)));
    }
}
