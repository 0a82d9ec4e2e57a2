using System.Diagnostics;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Tests.Caching;

public sealed class StoreLockTests : IDisposable
{
    private static readonly Digest Key = Digest.Of("key"u8);

    private readonly TemporaryFolder _folder = new();
    private readonly Store _store;

    public StoreLockTests() => _store = Store.Open(_folder.Path);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Only_one_of_many_threads_is_inside()
    {
        int inside = 0;
        int entered = 0;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            using Store own = Store.Open(_folder.Path);
            for (int round = 0; round < 20; round++)
            {
                using (own.Lock(Key, null, CancellationToken.None))
                {
                    Assert.Equal(1, Interlocked.Increment(ref inside));
                    entered++;
                    Interlocked.Decrement(ref inside);
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(160, entered);
        Assert.Empty(Directory.GetFiles(_folder.At("locks")));
    }

    [Fact]
    public void Another_action_is_not_held()
    {
        using IDisposable one = _store.Lock(Key, null, TestContext.Current.CancellationToken);
        using IDisposable two = _store.Lock(Digest.Of("other"u8), _ => Assert.Fail("waited"), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Who_waits_is_told_once_and_can_be_cancelled()
    {
        using IDisposable held = _store.Lock(Key, null, TestContext.Current.CancellationToken);
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(400));
        List<string> lines = [];
        Assert.Throws<OperationCanceledException>(() => _store.Lock(Key, lines.Add, cancel.Token));
        Assert.Single(lines);
    }

    [Fact]
    public void A_lock_may_be_let_go_twice()
    {
        IDisposable held = _store.Lock(Key, null, TestContext.Current.CancellationToken);
        held.Dispose();
        using IDisposable next = _store.Lock(Key, null, TestContext.Current.CancellationToken);
        held.Dispose();
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(50));
        Assert.Throws<OperationCanceledException>(() => _store.Lock(Key, null, cancel.Token));
    }

    [Fact]
    public void A_killed_owner_blocks_nobody()
    {
        using Process owner = StoreProcess.Start("hold", _folder.Path, Key.ToString());
        Assert.Equal("held", owner.StandardOutput.ReadLine());
        using (CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(200)))
        {
            Assert.Throws<OperationCanceledException>(() => _store.Lock(Key, null, cancel.Token));
        }

        owner.Kill();
        owner.WaitForExit();
        Assert.NotEmpty(Directory.GetFiles(_folder.At("locks")));
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        using IDisposable held = _store.Lock(Key, null, patience.Token);
    }
}
