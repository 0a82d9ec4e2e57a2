using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Tests.Caching;

public sealed class FileDigestMemoTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();
    private readonly Store _store;
    private readonly FileDigestMemo _memo;
    private readonly string _file;

    public FileDigestMemoTests()
    {
        _store = Store.Open(_folder.At("cache"));
        _memo = new FileDigestMemo(_store);
        _file = _folder.Write("source", "abc");
        File.SetLastWriteTimeUtc(_file, LongAgo);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_file_of_the_same_size_and_time_is_not_read_again()
    {
        Assert.Equal(Digest.Of("abc"u8), _memo.DigestOf(_file));
        Rewrite("abd", LongAgo);
        Assert.Equal(Digest.Of("abc"u8), _memo.DigestOf(_file));
    }

    [Fact]
    public void Another_time_or_size_is_noticed()
    {
        _memo.DigestOf(_file);
        Rewrite("abd", LongAgo.AddTicks(10));
        Assert.Equal(Digest.Of("abd"u8), _memo.DigestOf(_file));
        Rewrite("abde", LongAgo.AddTicks(10));
        Assert.Equal(Digest.Of("abde"u8), _memo.DigestOf(_file));
    }

    [Fact]
    public void A_change_behind_a_link_is_noticed()
    {
        string link = _folder.At("link");
        File.CreateSymbolicLink(link, _file);
        Assert.Equal(Digest.Of("abc"u8), _memo.DigestOf(link));
        Rewrite("abde", LongAgo);
        Assert.Equal(Digest.Of("abde"u8), _memo.DigestOf(link));
    }

    [Fact]
    public void A_file_that_has_just_been_written_is_not_remembered()
    {
        DateTime now = DateTime.UtcNow;
        Rewrite("abc", now);
        _memo.DigestOf(_file);
        Rewrite("abd", now);
        Assert.Equal(Digest.Of("abd"u8), _memo.DigestOf(_file));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("null")]
    public void A_damaged_memo_is_not_believed(string damage)
    {
        _memo.DigestOf(_file);
        File.WriteAllText(Assert.Single(Directory.GetFiles(_folder.At("cache", "memo"))), damage);
        Assert.Equal(Digest.Of("abc"u8), _memo.DigestOf(_file));
    }

    [Fact]
    public void A_memo_with_a_changed_digit_is_not_believed()
    {
        _memo.DigestOf(_file);
        string memo = Assert.Single(Directory.GetFiles(_folder.At("cache", "memo")));
        File.WriteAllText(memo, File.ReadAllText(memo).Replace("ba7816bf", "ba7816b0"));
        Assert.Equal(Digest.Of("abc"u8), _memo.DigestOf(_file));
    }

    [Fact]
    public void Many_may_ask_at_once() =>
        Parallel.For(0, 50, _ => Assert.Equal(Digest.Of("abc"u8), _memo.DigestOf(_file)));

    [Fact]
    public void A_missing_file_is_a_coded_error()
    {
        RocketException error = Assert.Throws<RocketException>(() => _memo.DigestOf(_folder.At("none")));
        Assert.Equal("RKT5008", error.Code);
        Assert.Equal(_folder.At("none"), error.Location!.File);
    }

    private void Rewrite(string text, DateTime time)
    {
        File.WriteAllText(_file, text);
        File.SetLastWriteTimeUtc(_file, time);
    }
}
