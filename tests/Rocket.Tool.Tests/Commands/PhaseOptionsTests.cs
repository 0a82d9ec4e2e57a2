using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Stages;
using Rocket.Tool.Commands;

namespace Rocket.Tool.Tests.Commands;

public sealed class PhaseOptionsTests
{
    [Theory]
    [InlineData("3/16", null, 3, 16)]
    [InlineData("3/16", "7", 3, 16)]
    [InlineData("/16", "0", 1, 16)]
    [InlineData("/16", "15", 16, 16)]
    public void A_part_is_named_or_taken_from_the_job(string text, string? index, int expected, int count)
        => Assert.Equal(new Shard(expected, count), PhaseOptions.ReadShard(text, index));

    [Theory]
    [InlineData("/16", "16")]
    [InlineData("/16", "-1")]
    [InlineData("/16", "")]
    [InlineData("/16", null)]
    [InlineData("17/16", null)]
    [InlineData("3", "1")]
    [InlineData("1/2/3", null)]
    [InlineData("1/0", null)]
    [InlineData("a/b", null)]
    public void A_part_that_there_is_not_is_refused(string text, string? index)
        => Assert.StartsWith("RKT110", Assert.Throws<RocketException>(() => PhaseOptions.ReadShard(text, index)).Code, StringComparison.Ordinal);
}
