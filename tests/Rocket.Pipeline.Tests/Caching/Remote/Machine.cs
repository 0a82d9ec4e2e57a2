using System.Collections.Concurrent;
using System.Text;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Caching.Remote;
using Rocket.Pipeline.Stages;
using Rocket.Pipeline.Tests.Artifacts;

namespace Rocket.Pipeline.Tests.Caching.Remote;

/// <summary>A machine of a team: a store of its own and the one remote cache.</summary>
internal sealed class Machine : IDisposable
{
    private const string Output = "out";

    private readonly TemporaryFolder _folder = new();
    private readonly BuildContext _context;

    public Machine(RemoteOptions options)
    {
        Store = Store.Open(_folder.Path);
        Remote = new RemoteCache(options, (message, _) => Lines.Enqueue(message), TestContext.Current.CancellationToken);
        _context = new BuildContext(Store, 1, new SilentLog(), _ => { }, TestContext.Current.CancellationToken) { Remote = Remote };
    }

    public Store Store { get; }

    public RemoteCache Remote { get; }

    /// <summary>What the remote cache reported.</summary>
    public ConcurrentQueue<string> Lines { get; } = [];

    /// <summary>Actions that this machine had to compute.</summary>
    public int Computed { get; private set; }

    public static Digest KeyOf(string name) => Digest.Of(Encoding.UTF8.GetBytes(name));

    /// <summary>The content of an action: what depends on its name alone.</summary>
    public static byte[] ContentOf(string name, int size)
    {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++)
        {
            content[i] = (byte)name[i % name.Length];
        }

        return content;
    }

    /// <summary>Obtains an action as a stage does, and reads its output.</summary>
    public byte[] Obtain(string name, int size = 5000)
    {
        var label = new ActionLabel("stage", "model");
        byte[] found = File.ReadAllBytes(_context.ObtainFile(KeyOf(name), label, Output, () =>
        {
            Computed++;
            return [_context.Put(Output, ContentOf(name, size))];
        }));
        Assert.Equal(ContentOf(name, size), found);
        return found;
    }

    /// <summary>Obtains several and waits until they are sent.</summary>
    public void ObtainAll(IEnumerable<string> names, int size = 5000)
    {
        foreach (string name in names)
        {
            Obtain(name, size);
        }

        Remote.Finish();
    }

    public void Dispose()
    {
        Remote.Dispose();
        Store.Dispose();
        _folder.Dispose();
    }
}
