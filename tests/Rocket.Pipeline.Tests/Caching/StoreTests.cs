using System.Text;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Tests.Caching;

public sealed class StoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _reports = [];
    private readonly Store _store;

    public StoreTests() => _store = Store.Open(_folder.Path, _reports.Add);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_blob_lies_under_its_digest()
    {
        (Digest digest, long size) = _store.PutBlob("abc"u8);
        Assert.Equal(Digest.Of("abc"u8), digest);
        Assert.Equal(3, size);
        Assert.Equal(_folder.At("cas", digest.ToString()), _store.TryGetBlob(digest, size));
        Assert.Equal("abc", File.ReadAllText(_store.TryGetBlob(digest, size)!));
        Assert.Empty(Directory.GetFiles(_folder.At("tmp")));
    }

    [Fact]
    public void A_large_blob_is_written_in_pieces_of_any_size()
    {
        byte[] content = new byte[1_000_003];
        new Random(1).NextBytes(content);
        using BlobWriter writer = _store.CreateBlob();
        int at = 0;
        for (int piece = 0; at < content.Length; piece = (piece * 7) + 1)
        {
            int count = Math.Min(piece, content.Length - at);
            writer.Stream.Write(content, at, count);
            at += count;
        }

        (Digest digest, long size) = writer.Commit();
        Assert.Equal(content.Length, size);
        Assert.Equal(Digest.Of(content), digest);
        Assert.Equal(content, File.ReadAllBytes(_store.TryGetBlob(digest, size)!));
    }

    [Fact]
    public void An_empty_blob_is_a_blob()
    {
        (Digest digest, long size) = _store.PutBlob([]);
        Assert.NotNull(_store.TryGetBlob(digest, size));
    }

    [Fact]
    public void A_blob_that_is_not_committed_leaves_nothing()
    {
        using (BlobWriter writer = _store.CreateBlob())
        {
            writer.Stream.Write("abc"u8);
        }

        Assert.Empty(Directory.GetFiles(_folder.At("tmp")));
        Assert.Empty(Directory.GetFiles(_folder.At("cas")));
    }

    [Fact]
    public void A_blob_that_is_not_there_is_null() => Assert.Null(_store.TryGetBlob(Digest.Of("abc"u8), 3));

    [Fact]
    public void A_flipped_bit_is_found_reported_and_deleted()
    {
        (Digest digest, long size) = _store.PutBlob("abc"u8);
        string path = _store.TryGetBlob(digest, size)!;
        File.WriteAllText(path, "abd");
        Assert.NotNull(_store.TryGetBlob(digest, size, verify: false));
        Assert.Null(_store.TryGetBlob(digest, size));
        Assert.False(File.Exists(path));
        Assert.Contains(path, Assert.Single(_reports));
    }

    [Fact]
    public void A_truncated_blob_is_found_without_reading_it()
    {
        (Digest digest, long size) = _store.PutBlob("abc"u8);
        File.WriteAllText(_folder.At("cas", digest.ToString()), "ab");
        Assert.Null(_store.TryGetBlob(digest, size, verify: false));
        Assert.Single(_reports);
    }

    [Fact]
    public void An_action_is_found_by_its_key()
    {
        Digest key = Put("key", "abc");
        Assert.Equal("out", Assert.Single(_store.TryGetAction(key)!.OutputFiles).Path);
        Assert.Null(_store.TryGetAction(Digest.Of("other"u8)));
    }

    [Fact]
    public void An_action_whose_blob_is_gone_is_null()
    {
        Digest key = Put("key", "abc");
        File.Delete(_folder.At("cas", Digest.Of("abc"u8).ToString()));
        Assert.Null(_store.TryGetAction(key));
    }

    [Fact]
    public void An_output_is_found_where_the_others_of_its_action_are_gone()
    {
        Digest key = Digest.Of("key"u8);
        OutputFile[] outputs = [.. new[] { "one", "two" }.Select(name =>
        {
            (Digest digest, long size) = _store.PutBlob(Encoding.UTF8.GetBytes(name));
            return new OutputFile(name, digest, size);
        })];
        _store.PutAction(key, new ActionResult([.. outputs]) { Label = new ActionLabel("calibrate", "m") });
        File.Delete(_store.TryGetOutput(key, "two")!);
        Assert.Null(_store.TryGetAction(key));
        Assert.Null(_store.TryGetOutput(key, "two"));
        Assert.Null(_store.TryGetOutput(key, "three"));
        Assert.Equal("one", File.ReadAllText(_store.TryGetOutput(key, "one")!));
        Assert.Empty(_store.Verify(null, TestContext.Current.CancellationToken).Bad);
        Assert.All(_store.List(), entry => Assert.Equal("calibrate", entry.Label!.Stage));
    }

    [Fact]
    public void An_action_whose_blob_has_another_size_is_null()
    {
        Digest key = Put("key", "abc");
        File.WriteAllText(_folder.At("cas", Digest.Of("abc"u8).ToString()), "abcd");
        Assert.Null(_store.TryGetAction(key));
    }

    [Fact]
    public void A_malformed_action_is_deleted_and_reported()
    {
        Digest key = Put("key", "abc");
        string path = _folder.At("ac", key.ToString());
        File.WriteAllText(path, "nonsense");
        Assert.Null(_store.TryGetAction(key));
        Assert.False(File.Exists(path));
        Assert.Single(_reports);
    }

    [Fact]
    public void A_swapped_action_is_not_believed()
    {
        Digest one = Put("one", "abc");
        Digest two = Put("two", "xyz");
        File.Copy(_folder.At("ac", two.ToString()), _folder.At("ac", one.ToString()), overwrite: true);
        Assert.Null(_store.TryGetAction(one));
        Assert.NotNull(_store.TryGetAction(two));
    }

    [Fact]
    public void The_store_is_found_again_by_another_owner()
    {
        Digest key = Put("key", "abc");
        using Store other = Store.Open(_folder.Path);
        Assert.NotNull(other.TryGetAction(key));
    }

    [Fact]
    public void Old_leftovers_of_dead_processes_go_and_fresh_ones_stay()
    {
        string old = _folder.Write("tmp/old", "x");
        string fresh = _folder.Write("tmp/fresh", "x");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));
        Store.Open(_folder.Path).Dispose();
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(fresh));
    }

    [Fact]
    public void An_old_file_that_is_still_written_stays()
    {
        using BlobWriter writer = _store.CreateBlob();
        string path = Assert.Single(Directory.GetFiles(_folder.At("tmp")));
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-2));
        Store.Open(_folder.Path).Dispose();
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void ROCKET_CACHE_decides_where_the_store_lies()
    {
        Assert.Equal(Path.GetFullPath("/x/y"), Store.FolderFrom(name => name == "ROCKET_CACHE" ? "/x/y" : null, "/home/u"));
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal("/xdg/rocket", Store.FolderFrom(name => name == "XDG_CACHE_HOME" ? "/xdg" : null, "/home/u"));
            Assert.Equal("/home/u/.cache/rocket", Store.FolderFrom(name => name == "XDG_CACHE_HOME" ? "relative" : null, "/home/u"));
            Assert.Equal("/home/u/.cache/rocket", Store.FolderFrom(_ => null, "/home/u"));
        }
    }

    [Fact]
    public void A_user_without_a_home_is_told_of_ROCKET_CACHE()
    {
        if (!OperatingSystem.IsWindows())
        {
            RocketException error = Assert.Throws<RocketException>(() => Store.FolderFrom(_ => null, ""));
            Assert.Equal("RKT5006", error.Code);
        }
    }

    private Digest Put(string name, string content)
    {
        Digest key = Digest.Of(Encoding.UTF8.GetBytes(name));
        (Digest digest, long size) = _store.PutBlob(Encoding.UTF8.GetBytes(content));
        _store.PutAction(key, new ActionResult([new OutputFile("out", digest, size)]));
        return key;
    }
}
