using System.Collections.Immutable;
using System.Text;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Stages;

namespace Rocket.Pipeline.Tests.Artifacts;

public sealed class ArtifactFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Store _store;
    private readonly BuildContext _context;

    public ArtifactFolderTests()
    {
        _store = Store.Open(_folder.At("cache"));
        _context = new BuildContext(_store, 1, new SilentLog(), _ => { }, TestContext.Current.CancellationToken);
    }

    private string Artifact => _folder.At("out", "r30");

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void An_artifact_is_replaced_whole_and_nothing_is_left_beside_it()
    {
        Assert.True(ArtifactFolder.Lay(_context, Files("old"), Artifact));
        Assert.False(ArtifactFolder.Lay(_context, Files("old"), Artifact));
        Assert.True(ArtifactFolder.Lay(_context, Files("new"), Artifact));
        AssertIs("new");
    }

    [Fact]
    public void A_reader_finds_an_artifact_at_every_moment_of_a_replacement()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux exchanges the names of two folders.");
        ArtifactFolder.Lay(_context, Files("0"), Artifact);
        bool isOver = false;
        int misses = 0;
        var reader = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                misses += File.Exists(Path.Combine(Artifact, "model.txt")) ? 0 : 1;
            }
        });
        reader.Start();
        for (int i = 1; i <= 30; i++)
        {
            ArtifactFolder.Lay(_context, Files($"{i}"), Artifact);
        }

        Volatile.Write(ref isOver, true);
        reader.Join();
        Assert.Equal(0, misses);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_artifact_that_a_killed_build_left_aside_comes_back(bool prepare)
    {
        ArtifactFolder.Lay(_context, Files("old"), Artifact);

        // A process that died between its two renames.
        string fresh = _folder.At("out", $".r30.{Guid.NewGuid():N}.tmp");
        Directory.Move(Artifact, fresh + ".old");
        if (prepare)
        {
            ArtifactFolder.Prepare(Artifact);
        }
        else
        {
            Assert.False(ArtifactFolder.Lay(_context, Files("old"), Artifact));
        }

        AssertIs("old");
    }

    [Fact]
    public void What_stands_aside_never_takes_the_place_of_an_artifact()
    {
        ArtifactFolder.Lay(_context, Files("new"), Artifact);
        _folder.Write(Path.Combine("out", $".r30.{Guid.NewGuid():N}.tmp.old", "model.txt"), "old");
        ArtifactFolder.Prepare(Artifact);
        Assert.Equal("new", File.ReadAllText(Path.Combine(Artifact, "model.txt")));
    }

    private ImmutableArray<OutputFile> Files(string text) => [_context.Put("model.txt", Encoding.UTF8.GetBytes(text))];

    private void AssertIs(string text)
    {
        Assert.Equal(text, File.ReadAllText(Path.Combine(Artifact, "model.txt")));
        Assert.Single(Directory.GetFileSystemEntries(_folder.At("out")));
    }
}
