using CsCheck;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Stages;
using Rocket.Pipeline.Tests.Artifacts;

namespace Rocket.Pipeline.Tests.Stages;

/// <summary>A limit of memory decides how many units are at work, stage by stage.</summary>
public sealed class RunMemoryTests
{
    private const long Mega = 1_000_000;

    [Fact]
    public void As_many_units_are_at_work_as_the_limit_holds()
        => Gen.Select(Gen.Long[0, 1000], Gen.Long[1, 200], Gen.Long[0, 3000], Gen.Int[1, 16]).Sample((once, each, room, most) =>
        {
            var memory = new StageMemory(new StagePart(once, each), new StagePart(2 * once, each / 2));
            long limit = new StageMemory(default(StagePart)).With(0) + room;
            int units = memory.UnitsWithin(limit, most);
            Assert.InRange(units, 0, most);
            Assert.True(units == 0 || memory.With(units) <= limit);
            Assert.True(units == most || memory.With(units + 1) > limit);
        });

    [Fact]
    public void Every_stage_has_its_own_number_of_units_and_without_a_limit_all_of_them()
    {
        using var folder = new TemporaryFolder();
        using Store store = Store.Open(folder.At("cache"), _ => { });
        var memory = new RunMemory(new Dictionary<string, StageMemory>
        {
            [CalibrateStage.Name] = new(new StagePart(100 * Mega, 20 * Mega)),
            [BackwardStage.Name] = new(new StagePart(100 * Mega, 1), new StagePart(100 * Mega, 150 * Mega)),
        });
        BuildContext bounded = Context(store, limit: 800 * Mega);
        bounded.Expect(memory);
        Assert.Equal([8, 1, 8], new[] { CalibrateStage.Name, BackwardStage.Name, EvaluateStage.Name }.Select(stage => bounded.UnitsOf(stage).Threads));

        BuildContext free = Context(store, limit: null);
        free.Expect(memory);
        Assert.Equal(8, free.UnitsOf(BackwardStage.Name).Threads);
    }

    [Fact]
    public void A_stage_that_does_not_fit_is_named_with_what_it_takes()
    {
        using var folder = new TemporaryFolder();
        using Store store = Store.Open(folder.At("cache"), _ => { });
        var memory = new RunMemory(new Dictionary<string, StageMemory>
        {
            [CalibrateStage.Name] = new(new StagePart(Mega, Mega)),
            [BackwardStage.Name] = new(new StagePart(300 * Mega, 150 * Mega)),
        });
        RocketException error = Assert.Throws<RocketException>(() => Context(store, limit: 400 * Mega).Expect(memory));
        Assert.Equal("RKT4107", error.Code);
        Assert.Contains("\"backward\" takes", error.Message, StringComparison.Ordinal);
    }

    private static BuildContext Context(Store store, long? limit)
        => new(store, 8, new SilentLog(), _ => { }, TestContext.Current.CancellationToken) { MemoryLimit = limit };
}
