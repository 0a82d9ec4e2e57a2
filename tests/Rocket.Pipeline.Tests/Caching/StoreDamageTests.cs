using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Stages;
using Rocket.Pipeline.Tests.Artifacts;

namespace Rocket.Pipeline.Tests.Caching;

/// <summary>Damage in many entries at once.</summary>
public sealed class StoreDamageTests : IDisposable
{
    private const int Actions = 250;
    private const string Output = "out";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _reports = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Damage_in_500_entries_is_all_found_reported_and_recomputed()
    {
        Assert.Equal(Actions, Obtain());
        string[] files = [.. Directory.GetFiles(_folder.At("ac")), .. Directory.GetFiles(_folder.At("cas"))];
        Assert.Equal(2 * Actions, files.Length);
        var random = new Random(500);
        foreach (string file in files)
        {
            byte[] bytes = File.ReadAllBytes(file);
            bool isFlip = random.Next(2) == 0;
            bytes[random.Next(bytes.Length)] ^= (byte)(isFlip ? 1 << random.Next(8) : 0);
            File.WriteAllBytes(file, isFlip ? bytes : bytes[..random.Next(bytes.Length)]);
        }

        // An action that is damaged is found first; what it names is then written anew over the damaged blob.
        _reports.Clear();
        Assert.Equal(Actions, Obtain());
        Assert.Equal(Actions, _reports.Count(report => report.Contains("is malformed", StringComparison.Ordinal)));
        Assert.Equal(0, Obtain());
        using Store store = Store.Open(_folder.Path);
        Assert.Empty(store.Verify(null, TestContext.Current.CancellationToken).Bad);
    }

    [Fact]
    public void Damage_in_blobs_alone_is_found_when_they_are_read()
    {
        Obtain();
        foreach (string file in Directory.GetFiles(_folder.At("cas")))
        {
            byte[] bytes = File.ReadAllBytes(file);
            bytes[^1] ^= 0x80;
            File.WriteAllBytes(file, bytes);
        }

        Assert.Equal(Actions, Obtain());
        Assert.Equal(Actions, _reports.Count);
    }

    [Fact]
    public void Swapped_blobs_are_found()
    {
        Obtain();
        string[] files = Directory.GetFiles(_folder.At("cas"));
        byte[] first = File.ReadAllBytes(files[0]);
        File.WriteAllBytes(files[0], File.ReadAllBytes(files[1]));
        File.WriteAllBytes(files[1], first);
        Assert.Equal(2, Obtain());
    }

    private int Obtain()
    {
        using Store store = Store.Open(_folder.Path, _reports.Add);
        var context = new BuildContext(store, 1, new SilentLog(), _ => { }, TestContext.Current.CancellationToken);
        int computed = 0;
        for (int action = 0; action < Actions; action++)
        {
            byte[] content = [.. Enumerable.Range(0, 300).Select(i => (byte)(i + action)), (byte)action];
            string path = context.ObtainFile(new KeyBuilder("test", 1).Add("action", action).Build(), new ActionLabel("stage", "model"), Output, () =>
            {
                computed++;
                return [context.Put(Output, content)];
            });
            Assert.Equal(content, File.ReadAllBytes(path));
        }

        return computed;
    }
}
