using Rocket.Pipeline.Stages;
using Rocket.Tool.Output;
using Spectre.Console;
using Spectre.Console.Testing;

namespace Rocket.Tool.Tests.Output;

public sealed class ProgressTreeTests
{
    [Fact]
    public void A_narrow_terminal_shows_how_far_how_fast_and_how_long() => Assert.Equal(
        """
        smollm2
        ├─ calibrate            ████████████████     30/30  2.5/s       in 12 s
        └─ profile              █████▏              68/210  2.8/s       50 s left
        smollm2/r30
        └─ factorize            ▎                     1/70  2.0 s each  2 min 18 s left
        36 s, 512 MB of memory
        """,
        Render(80),
        ignoreLineEndingDifferences: true);

    [Fact]
    public void A_wide_terminal_shows_the_linear_at_work_too() => Assert.Contains("model.layers.9.mlp.down_proj", Render(200), StringComparison.Ordinal);

    [Theory]
    [InlineData(20)]
    [InlineData(80)]
    [InlineData(200)]
    public void No_line_reaches_the_last_column(int width) => Assert.All(Render(width).Split('\n'), line => Assert.True(line.Length < width, line));

    [Fact]
    public void A_stage_that_finds_everything_is_not_shown()
    {
        var tree = new ProgressTree();
        tree.Add(new StageProgress("m", "profile", 7, 7, 0), TimeSpan.Zero);
        Assert.True(tree.IsEmpty);
    }

    private static string Render(int width)
    {
        var tree = new ProgressTree();
        Add("smollm2", "calibrate", 0, 30, 0, null);
        Add("smollm2", "calibrate", 30, 30, 12, "block 29");
        Add("smollm2", "profile", 0, 210, 12, null);
        Add("smollm2", "profile", 68, 210, 36, "model.layers.9.mlp.down_proj");
        Add("smollm2/r30", "factorize", 0, 70, 34, null);
        Add("smollm2/r30", "factorize", 1, 70, 36, "model.layers.0.mlp.up_proj");
        using var console = new TestConsole();
        console.Profile.Width = width;
        console.Write(tree.Render(width, isUnicode: true, TimeSpan.FromSeconds(36), 512_000_000));
        return string.Join('\n', console.Output.TrimEnd().Split('\n').Select(line => line.TrimEnd()));

        void Add(string model, string stage, int done, int total, int seconds, string? unit)
            => tree.Add(new StageProgress(model, stage, done, total, done) { Unit = unit }, TimeSpan.FromSeconds(seconds));
    }
}
