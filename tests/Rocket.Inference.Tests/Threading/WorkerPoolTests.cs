using Rocket.Inference.Threading;

namespace Rocket.Inference.Tests.Threading;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_piece_is_done_once(int workers)
    {
        using var pool = new WorkerPool(workers);
        for (int round = 0; round < 3000; round++)
        {
            var work = new Counting(round % 17);
            pool.Run(work, work.Done.Length);
            Assert.All(work.Done, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Callers_at_once_all_get_their_pieces_done()
    {
        using var pool = new WorkerPool(3);
        Parallel.For(0, 4, _ =>
        {
            for (int round = 0; round < 1000; round++)
            {
                var work = new Counting(9);
                pool.Run(work, 9);
                Assert.All(work.Done, count => Assert.Equal(1, count));
            }
        });
    }

    [Fact]
    public void A_thread_that_fell_asleep_helps_again()
    {
        using var pool = new WorkerPool(2);
        for (int round = 0; round < 3; round++)
        {
            Thread.Sleep(50);
            using var work = new Meeting();
            pool.Run(work, 2);
            Assert.True(work.HaveMet);
        }
    }

    [Fact]
    public void What_a_piece_throws_reaches_the_caller_and_the_pool_goes_on()
    {
        using var pool = new WorkerPool(2);
        Assert.Throws<InvalidOperationException>(() => pool.Run(new Failing(), 8));
        var work = new Counting(8);
        pool.Run(work, 8);
        Assert.All(work.Done, count => Assert.Equal(1, count));
    }

    private sealed class Counting(int pieces) : ParallelWork
    {
        public int[] Done { get; } = new int[pieces];

        public override void Run(int piece, int worker) => Interlocked.Increment(ref Done[piece]);
    }

    // Two pieces that wait for one another: one thread alone would never end.
    private sealed class Meeting : ParallelWork, IDisposable
    {
        private readonly Barrier _barrier = new(2);

        public bool HaveMet { get; private set; }

        public override void Run(int piece, int worker)
        {
            if (_barrier.SignalAndWait(TimeSpan.FromSeconds(30)))
            {
                HaveMet = true;
            }
        }

        public void Dispose() => _barrier.Dispose();
    }

    private sealed class Failing : ParallelWork
    {
        public override void Run(int piece, int worker)
        {
            if (piece % 3 == 1)
            {
                throw new InvalidOperationException("A piece failed.");
            }
        }
    }
}
