using System.Text;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Tests.Caching;

public sealed class StoreLimitTests : IDisposable
{
    private const int Size = 5000;
    private const long Limit = 100_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_build_uses_stays_while_it_runs_and_the_limit_holds_once_it_has_ended()
    {
        using Store store = Store.Open(_folder.Path, maximumSize: Limit);
        Fill(store, 0, 40);
        Assert.All(Enumerable.Range(0, 40), i => Assert.NotNull(store.TryGetAction(KeyOf(i))));
        PruneResult? pruned = store.EndSession();
        Assert.True(pruned!.RemovedSize > 0);
        Assert.InRange(BytesOf(store), 1, Limit);
    }

    [Fact]
    public void The_least_recently_used_goes_first()
    {
        using (Store old = Store.Open(_folder.Path))
        {
            Fill(old, 0, 15);
        }

        Age(15, i => i == 3 ? 1 : 10 + i);
        using Store store = Store.Open(_folder.Path, maximumSize: Limit);
        Fill(store, 15, 5);
        store.EndSession();
        Assert.NotNull(store.TryGetAction(KeyOf(3)));
        Assert.NotNull(store.TryGetAction(KeyOf(19)));
        Assert.Null(store.TryGetAction(KeyOf(14)));
        Assert.InRange(BytesOf(store), Limit / 2, Limit);
    }

    [Fact]
    public void Old_entries_make_room_while_a_build_runs()
    {
        using (Store old = Store.Open(_folder.Path))
        {
            Fill(old, 0, 15);
        }

        Age(15, _ => 10);
        using Store store = Store.Open(_folder.Path, maximumSize: Limit);
        for (int i = 15; i < 30; i++)
        {
            Fill(store, i, 1);
            Assert.InRange(BytesOf(store), 1, Limit + (Limit / 8));
        }
    }

    [Fact]
    public void Another_build_that_is_still_at_work_keeps_what_it_has_used()
    {
        using Store running = Store.Open(_folder.Path);
        Fill(running, 0, 40);
        using (Store other = Store.Open(_folder.Path, maximumSize: 1))
        {
            other.EndSession();
        }

        Assert.All(Enumerable.Range(0, 40), i => Assert.NotNull(running.TryGetAction(KeyOf(i))));
    }

    [Fact]
    public void An_entry_that_a_reader_was_given_is_never_pruned_before_he_opens_it()
    {
        using (Store old = Store.Open(_folder.Path))
        {
            Fill(old, 0, 200);
        }

        (Digest Digest, long Size)[] blobs = [.. Enumerable.Range(0, 200).Select(i => (Digest.Of(ContentOf(i)), (long)Size))];
        Age(200, _ => 10);
        using Store reader = Store.Open(_folder.Path);
        int read = 0;
        using var start = new Barrier(3);
        Thread[] threads =
        [
            new(() =>
            {
                using Store pruner = Store.Open(_folder.Path);
                start.SignalAndWait();
                pruner.Prune(new PrunePolicy { MaximumSize = 0 });
            }),
            .. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
            {
                start.SignalAndWait();
                for (int i = blobs.Length - 1; i >= 0; i--)
                {
                    if (reader.TryGetBlob(blobs[i].Digest, blobs[i].Size, verify: false) is { } path)
                    {
                        File.ReadAllBytes(path);
                        Interlocked.Increment(ref read);
                    }
                }
            })),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.InRange(read, 0, 400);
        Assert.Equal(Directory.GetFiles(_folder.At("cas")).Length, blobs.Count(blob => reader.TryGetBlob(blob.Digest, blob.Size) is not null));
    }

    private static Digest KeyOf(int i) => Digest.Of(Encoding.UTF8.GetBytes($"action {i}"));

    private static byte[] ContentOf(int i)
    {
        byte[] content = new byte[Size];
        new Random(i).NextBytes(content);
        return content;
    }

    private static void Fill(Store store, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            (Digest digest, long size) = store.PutBlob(ContentOf(i));
            store.PutAction(KeyOf(i), new ActionResult([new OutputFile("out", digest, size)]));
        }
    }

    private static long BytesOf(Store store) => store.List().Sum(entry => entry.Size);

    private void Age(int count, Func<int, int> daysAgo)
    {
        for (int i = 0; i < count; i++)
        {
            DateTime time = DateTime.UtcNow.AddDays(-daysAgo(i));
            File.SetLastWriteTimeUtc(_folder.At("cas", Digest.Of(ContentOf(i)).ToString()), time);
            File.SetLastWriteTimeUtc(_folder.At("ac", KeyOf(i).ToString()), time);
        }
    }
}
