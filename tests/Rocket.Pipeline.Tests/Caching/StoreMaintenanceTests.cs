using System.Text;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Tests.Caching;

public sealed class StoreMaintenanceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_list_tells_size_stage_and_model()
    {
        using Store store = Fill(("profile", "abc", 0), ("factorize", "defg", 0));
        (Digest loose, _) = store.PutBlob("loose"u8);
        StoreEntry[] blobs = [.. store.List().Where(entry => entry.Kind == StoreEntryKind.Blob)];
        Assert.Equal([3, 4, 5], blobs.Select(entry => entry.Size).Order());
        Assert.Equal(new ActionLabel("profile", "m"), Assert.Single(blobs, entry => entry.Size == 3).Label);
        Assert.Null(Assert.Single(blobs, entry => entry.Name == loose).Label);
        Assert.Equal(2, store.List().Count(entry => entry.Kind == StoreEntryKind.Action));
    }

    [Fact]
    public void Verification_finds_and_deletes_every_kind_of_damage()
    {
        using Store store = Fill(("a", "abc", 0), ("b", "defg", 0), ("c", "hijkl", 0));
        File.WriteAllText(_folder.At("cas", Of("abc").ToString()), "abX");
        File.WriteAllText(_folder.At("ac", Of("c").ToString()), "nonsense");
        File.Delete(_folder.At("cas", Of("defg").ToString()));
        _folder.Write("cas/readme", "not ours");
        VerifyResult result = store.Verify(null, TestContext.Current.CancellationToken);
        Assert.Equal(6, result.Checked);

        // The action of the flipped blob is bad too, once the blob is gone.
        Assert.Equal(5, result.Bad.Length);
        Assert.Contains(result.Bad, bad => bad.Reason.Contains("does not match its digest"));
        Assert.Contains(result.Bad, bad => bad.Reason.Contains("not named by a digest"));
        Assert.Contains(result.Bad, bad => bad.Reason.Contains("malformed"));
        Assert.Equal(2, result.Bad.Count(bad => bad.Reason.Contains("is missing")));
        Assert.Empty(store.Verify(null, TestContext.Current.CancellationToken).Bad);
        Assert.Equal(Of("hijkl"), Assert.Single(store.List()).Name);
    }

    [Fact]
    public void The_least_recently_used_goes_first_and_takes_its_action_along()
    {
        using Store store = Fill(("a", "aaaa", 10), ("b", "bbbb", 20), ("c", "cccc", 15));
        long actions = store.List().Where(entry => entry.Kind == StoreEntryKind.Action).Sum(entry => entry.Size);
        PruneResult result = store.Prune(new PrunePolicy { MaximumSize = 8 + actions });
        Assert.Equal([Of("bbbb"), Of("b")], result.Removed.Select(entry => entry.Name));
        Assert.Null(store.TryGetAction(Of("b")));
        Assert.NotNull(store.TryGetAction(Of("a")));
        Assert.NotNull(store.TryGetAction(Of("c")));
        Assert.Equal(result.RemainingSize, store.List().Sum(entry => entry.Size));
    }

    [Fact]
    public void What_was_used_again_counts_as_recent()
    {
        using Store store = Fill(("a", "aaaa", 10), ("b", "bbbb", 20));
        using Store reader = Store.Open(_folder.Path);
        Assert.NotNull(reader.TryGetAction(Of("b")));
        Assert.Equal(Of("aaaa"), store.Prune(new PrunePolicy { OlderThan = TimeSpan.FromDays(1) }).Removed[0].Name);
        Assert.NotNull(store.TryGetAction(Of("b")));
    }

    [Fact]
    public void A_dry_run_tells_the_same_and_removes_nothing()
    {
        using Store store = Fill(("a", "aaaa", 10), ("b", "bbbb", 20));
        PrunePolicy policy = new() { OlderThan = TimeSpan.FromDays(15) };
        PruneResult told = store.Prune(policy with { IsDryRun = true });
        Assert.Equal(4, store.List().Length);
        PruneResult done = store.Prune(policy);
        Assert.Equal(done.Removed.Select(entry => entry.Name), told.Removed.Select(entry => entry.Name));
        Assert.Equal((done.RemovedSize, done.RemainingSize), (told.RemovedSize, told.RemainingSize));
        Assert.Equal(2, store.List().Length);
    }

    [Fact]
    public void Nothing_that_a_running_build_has_used_is_pruned()
    {
        using Store build = Store.Open(_folder.Path);
        (Digest digest, long size) = build.PutBlob("held"u8);
        build.PutAction(Of("key"), new ActionResult([new OutputFile("out", digest, size)]));
        using (Store other = Store.Open(_folder.Path))
        {
            Assert.Empty(other.Prune(new PrunePolicy { MaximumSize = 0, OlderThan = TimeSpan.Zero }).Removed);
        }

        Assert.NotNull(build.TryGetAction(Of("key")));
    }

    [Fact]
    public void A_session_that_was_killed_holds_nothing()
    {
        using Store store = Fill(("a", "aaaa", 10));
        _folder.Write($"sessions/{DateTime.UtcNow.AddDays(-100).Ticks}-dead", "");
        Assert.Equal(2, store.Prune(new PrunePolicy { MaximumSize = 0 }).Removed.Length);
        Assert.Single(Directory.GetFiles(_folder.At("sessions")));
    }

    private static Digest Of(string text) => Digest.Of(Encoding.UTF8.GetBytes(text));

    private Store Fill(params (string Stage, string Content, int DaysAgo)[] actions)
    {
        Store store = Store.Open(_folder.Path);
        foreach ((string stage, string content, int daysAgo) in actions)
        {
            (Digest digest, long size) = store.PutBlob(Encoding.UTF8.GetBytes(content));
            store.PutAction(Of(stage), new ActionResult([new OutputFile("out", digest, size)]) { Label = new ActionLabel(stage, "m") });
            File.SetLastWriteTimeUtc(_folder.At("cas", digest.ToString()), DateTime.UtcNow.AddDays(-daysAgo));
            File.SetLastWriteTimeUtc(_folder.At("ac", Of(stage).ToString()), DateTime.UtcNow.AddDays(-daysAgo));
        }

        return store;
    }
}
