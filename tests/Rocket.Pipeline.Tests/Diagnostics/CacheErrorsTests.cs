using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Tests.Diagnostics;

public sealed class CacheErrorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_where_the_folder_should_be_is_RKT5001()
    {
        RocketException error = Assert.Throws<RocketException>(() => Store.Open(_folder.Write("cache", "")));
        Assert.Equal("RKT5001", error.Code);
        Assert.Equal(_folder.At("cache"), error.Location!.File);
    }

    [Fact]
    public void A_file_on_the_way_to_the_folder_is_RKT5001()
    {
        _folder.Write("file", "");
        Assert.Equal("RKT5001", Assert.Throws<RocketException>(() => Store.Open(_folder.At("file", "cache"))).Code);
    }

    [Fact]
    public void A_folder_where_a_blob_should_be_is_RKT5007()
    {
        using Store store = Store.Open(_folder.Path);
        Directory.CreateDirectory(_folder.At("cas", Digest.Of("abc"u8).ToString()));
        Assert.Equal("RKT5007", Assert.Throws<RocketException>(() => store.PutBlob("abc"u8)).Code);
        Assert.Empty(Directory.GetFiles(_folder.At("tmp")));
    }

    [Fact]
    public void A_folder_where_an_action_should_be_is_RKT5007()
    {
        using Store store = Store.Open(_folder.Path);
        Digest key = Digest.Of("key"u8);
        Directory.CreateDirectory(_folder.At("ac", key.ToString()));
        Assert.Equal("RKT5007", Assert.Throws<RocketException>(() => store.PutAction(key, new ActionResult([]))).Code);
    }

    [Theory]
    [InlineData(28)]
    [InlineData(122)]
    [InlineData(69)]
    [InlineData(unchecked((int)0x80070070))]
    public void A_full_disk_is_RKT5002(int systemError) =>
        Assert.Equal("RKT5002", CacheErrors.From(new IOException("full", systemError), _folder.At("x")).Code);

    [Fact]
    public void A_device_without_space_is_RKT5002()
    {
        if (OperatingSystem.IsLinux())
        {
            using BlobStream full = new("/dev/full");
            full.Write("abc"u8);
            RocketException error = Assert.Throws<RocketException>(full.Flush);
            Assert.Equal("RKT5002", error.Code);
        }
    }

    [Fact]
    public void Denied_permission_is_RKT5003() =>
        Assert.Equal("RKT5003", CacheErrors.From(new UnauthorizedAccessException(), _folder.At("x")).Code);

    [Fact]
    public void A_read_only_file_system_is_RKT5004()
    {
        Assert.Equal("RKT5004", CacheErrors.From(new IOException("ro", 30), _folder.At("x")).Code);
        Assert.Equal("RKT5004", CacheErrors.From(new UnauthorizedAccessException("ro", new IOException("ro", 30)), _folder.At("x")).Code);
    }

    [Fact]
    public void Any_other_fault_is_RKT5005_and_keeps_its_words()
    {
        RocketException error = CacheErrors.From(new IOException("the cable is out", 5), _folder.At("x"));
        Assert.Equal("RKT5005", error.Code);
        Assert.Contains("the cable is out", error.Message);
        Assert.NotNull(error.InnerException);
    }

    [Fact]
    public void A_coded_error_stays_what_it_is()
    {
        RocketException coded = CacheErrors.NoDefaultFolder();
        Assert.Same(coded, CacheErrors.From(coded, "x"));
    }
}
