using System.Diagnostics;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Tests.Caching;

public sealed class StoreConcurrencyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Many_processes_may_fill_one_store_and_each_action_is_done_once()
    {
        Process[] processes = [.. Enumerable.Range(0, 4).Select(_ => StoreProcess.Start("fill", _folder.Path, "40"))];
        int done = 0;
        foreach (Process process in processes)
        {
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            done += int.Parse(output);
            process.Dispose();
        }

        Assert.Equal(40, done);
        using Store store = Store.Open(_folder.Path);
        Assert.Empty(store.Verify(null, TestContext.Current.CancellationToken).Bad);
        Assert.Equal(80, store.List().Length);
    }

    [Fact]
    public void Whatever_the_moment_of_a_kill_every_entry_is_whole()
    {
        Random random = new(7);
        for (int round = 0; round < 8; round++)
        {
            int before = Blobs();
            using Process process = StoreProcess.Start("fill", _folder.Path, "100000");

            // On a busy machine the process takes seconds to begin; a kill before that would test nothing.
            Assert.True(SpinWait.SpinUntil(() => Blobs() > before || process.HasExited, TimeSpan.FromMinutes(1)));
            Thread.Sleep(random.Next(0, 300));
            process.Kill();
            process.WaitForExit();
        }

        using Store store = Store.Open(_folder.Path);
        Assert.Empty(store.Verify(null, TestContext.Current.CancellationToken).Bad);
        Assert.NotEmpty(store.List());

        int Blobs() => Directory.Exists(_folder.At("cas")) ? Directory.EnumerateFiles(_folder.At("cas")).Count() : 0;
    }

    [Fact]
    public void Threads_may_write_and_read_the_same_blob_at_once()
    {
        byte[] content = new byte[300_000];
        new Random(3).NextBytes(content);
        using Store store = Store.Open(_folder.Path, report => Assert.Fail(report));
        Parallel.For(0, 64, _ =>
        {
            (Digest digest, long size) = store.PutBlob(content);
            Assert.Equal(content, File.ReadAllBytes(store.TryGetBlob(digest, size)!));
        });
        Assert.Single(Directory.GetFiles(_folder.At("cas")));
        Assert.Empty(Directory.GetFiles(_folder.At("tmp")));
    }
}
