using Rocket.Compression.Execution;

namespace Rocket.Compression.Tests.Execution;

public sealed class ParallelUnitsTests
{
    public static TheoryData<int> Threads() => [1, 2, 3, 8];

    [Theory]
    [MemberData(nameof(Threads))]
    public void Results_are_consumed_once_and_in_unit_order(int threads)
    {
        var consumed = new List<(int, int)>();
        new ParallelUnits(threads).Run(200, SquareInOddTime, (unit, result) => consumed.Add((unit, result)), TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 200).Select(unit => (unit, unit * unit)), consumed);
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void The_first_error_in_unit_order_is_thrown_and_what_lies_before_it_is_consumed(int threads)
    {
        for (int repetition = 0; repetition < 20; repetition++)
        {
            var consumed = new List<int>();
            var error = Assert.Throws<InvalidOperationException>(() => new ParallelUnits(threads).Run(
                60,
                unit => unit % 10 == 7 ? throw new InvalidOperationException($"unit {unit}") : SquareInOddTime(unit),
                (unit, _) => consumed.Add(unit),
                TestContext.Current.CancellationToken));
            Assert.Equal("unit 7", error.Message);
            Assert.Equal(Enumerable.Range(0, 7), consumed);
        }
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void An_error_of_the_consumer_ends_the_run(int threads)
    {
        var consumed = new List<int>();
        Assert.Throws<InvalidOperationException>(() => new ParallelUnits(threads).Run(
            60,
            SquareInOddTime,
            (unit, _) =>
            {
                consumed.Add(unit);
                if (unit == 5)
                {
                    throw new InvalidOperationException();
                }
            },
            TestContext.Current.CancellationToken));
        Assert.Equal(Enumerable.Range(0, 6), consumed);
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void Cancelling_ends_the_run_and_leaves_no_result_behind(int threads)
    {
        using var cancellation = new CancellationTokenSource();
        int alive = 0;
        Assert.Throws<OperationCanceledException>(() => new ParallelUnits(threads).Run(
            1000,
            unit =>
            {
                SquareInOddTime(unit);
                Interlocked.Increment(ref alive);
                return new Resource(() => Interlocked.Decrement(ref alive));
            },
            (unit, resource) =>
            {
                resource.Dispose();
                if (unit == 20)
                {
                    cancellation.Cancel();
                }
            },
            cancellation.Token));
        Assert.Equal(0, alive);
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void An_error_leaves_no_result_behind(int threads)
    {
        int alive = 0;
        Assert.Throws<InvalidOperationException>(() => new ParallelUnits(threads).Run(
            100,
            unit =>
            {
                if (unit == 30)
                {
                    Thread.Sleep(5);
                    throw new InvalidOperationException();
                }

                Interlocked.Increment(ref alive);
                return new Resource(() => Interlocked.Decrement(ref alive));
            },
            (_, resource) => resource.Dispose(),
            TestContext.Current.CancellationToken));
        Assert.Equal(0, alive);
    }

    [Fact]
    public void No_units_are_no_work() => new ParallelUnits(4).Run(0, _ => Assert.Fail(), TestContext.Current.CancellationToken);

    [Fact]
    public void Fewer_than_one_thread_are_one() => Assert.Equal(1, new ParallelUnits(0).Threads);

    private static int SquareInOddTime(int unit)
    {
        Thread.SpinWait(unit * 7919 % 2000);
        return unit * unit;
    }

    private sealed class Resource(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
