using System.CommandLine;
using System.Globalization;
using Rocket.Compression.Native;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Caching.Remote;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Native;
using Rocket.Pipeline.Stages;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Commands;

/// <summary>The options of commands that compute: threads and store.</summary>
internal sealed class EngineOptions
{
    private const string ThreadsVariable = "ROCKET_THREADS";
    private const int MostThreads = 1024;

    private readonly Option<string?> _threads = new("--threads")
    {
        Description = $"Threads at work; by default {ThreadsVariable}, else one a processor. The result is the same with any number.",
        HelpName = "N",
    };

    private readonly Option<string?> _memory = new("--memory")
    {
        Description = "Most memory that the run may take: fewer windows and linears are at work at once where all would take more. The result is the same.",
        HelpName = "SIZE",
    };

    private readonly Option<string?> _device = new("--device")
    {
        Description = "What the passes over text run on, in place of a manifest's word: the processor, a graphics processor, or the best that libtorch has here. Each gives other last bits.",
        HelpName = string.Join('|', DeviceReader.Words),
    };

    private readonly CacheOption _cache = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_threads);
        command.Options.Add(_cache.Option);
    }

    /// <summary>Adds the limit of memory, for commands that run whole models.</summary>
    public void AddMemoryTo(Command command) => command.Options.Add(_memory);

    /// <summary>Adds the choice of the device, for commands that run models with libtorch.</summary>
    public void AddDeviceTo(Command command) => command.Options.Add(_device);

    /// <summary>What passes are asked to run on; null: the option is not there.</summary>
    public DeviceChoice? Device(ParseResult parsed) => parsed.GetValue(_device) is { } word
        ? DeviceReader.Parse(word) ?? throw CommandLineErrors.BadValue("--device", word, $"one of {string.Join(", ", DeviceReader.Words)}")
        : null;

    /// <summary>Threads at work.</summary>
    public int Threads(ParseResult parsed)
        => parsed.GetValue(_threads) is { } asked ? Parse("--threads", asked)
            : Environment.GetEnvironmentVariable(ThreadsVariable) is { Length: > 0 } variable ? Parse(ThreadsVariable, variable)
            : Environment.ProcessorCount;

    /// <summary>The folder of the store.</summary>
    public string CacheFolder(ParseResult parsed) => _cache.Folder(parsed);

    /// <summary>Opens the store.</summary>
    public Store OpenStore(ParseResult parsed, Session session) => _cache.Open(parsed, session);

    /// <summary>A run of one model; what is measured is its alone. The device is that of the option where there is one.</summary>
    public BuildContext CreateContext(ParseResult parsed, Session session, Store store, DeviceChoice device = default, RemoteCache? remote = null, bool fillsRemote = false)
        => new(store, Threads(parsed), session.Log, _ => LoadRuntime(store.Folder, session), session.CancellationToken)
        {
            Remote = remote,
            FillsRemote = fillsRemote,
            AskedDevice = Device(parsed) ?? device,
            MemoryLimit = parsed.GetValue(_memory) is { } size ? Quantity.ParseSize("--memory", size) : null,
        };

    /// <summary>Loads libtorch for a command that needs no store.</summary>
    public void LoadRuntime(ParseResult parsed, Session session) => LoadRuntime(_cache.Folder(parsed), session);

    private static void LoadRuntime(string cacheFolder, Session session)
        => LibTorchRuntime.Ensure(cacheFolder, message => session.Log.Message(message), session.CancellationToken);

    private static int Parse(string name, string value)
        => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is > 0 and <= MostThreads
            ? threads
            : throw CommandLineErrors.BadValue(name, value, $"a whole number from 1 to {MostThreads}");
}
