using Rocket.Pipeline.Stages;
using Rocket.Tool.Output;

namespace Rocket.Tool.Tests.Output;

public sealed class PlainProgressLogTests
{
    [Fact]
    public void A_short_stage_is_one_line_when_it_ends() => Assert.Equal($"m: profile 100/100{Environment.NewLine}", Told(Verbosity.Normal, 1));

    [Fact]
    public void A_stage_that_finds_everything_is_no_line() => Assert.Empty(Told(Verbosity.Normal, 0));

    [Fact]
    public void Quiet_says_nothing_and_detailed_says_all()
    {
        Assert.Empty(Told(Verbosity.Quiet, 1));
        Assert.Equal(101, Told(Verbosity.Detailed, 1).TrimEnd().Split('\n').Length);
    }

    [Fact]
    public void Details_are_told_at_detailed_verbosity_only()
    {
        using var writer = new StringWriter();
        new PlainProgressLog(writer, Verbosity.Normal).Message("a detail", isDetail: true);
        new PlainProgressLog(writer, Verbosity.Normal).Message("a \e[1mmessage");
        Assert.Equal($"a \uFFFD[1mmessage{Environment.NewLine}", writer.ToString());
    }

    private static string Told(Verbosity verbosity, int computed)
    {
        using var writer = new StringWriter();
        var log = new PlainProgressLog(writer, verbosity);
        for (int done = 0; done <= 100; done++)
        {
            log.Progress(new StageProgress("m", "profile", done, 100, computed));
        }

        return writer.ToString();
    }
}
