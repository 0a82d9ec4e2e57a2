using System.CommandLine;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Caching.Remote;
using Rocket.Pipeline.Manifest;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Commands;

/// <summary>The options that go before the manifest's <c>cache</c>: its limit and the remote cache.</summary>
internal sealed class SharedCacheOptions
{
    private const string SizeVariable = "ROCKET_CACHE_MAX_SIZE";
    private const string RemoteVariable = "ROCKET_REMOTE";
    private const string ReadOnlyVariable = "ROCKET_REMOTE_READ_ONLY";
    private const string NoRemote = "none";

    private readonly Option<string?> _size = new("--cache-max-size")
    {
        Description = $"Most bytes that the cache may hold: 500MB, 20GB, 16GiB; by default {SizeVariable}, else what a manifest says. The least recently used goes first, never what a build at work is using.",
        HelpName = "SIZE",
    };

    private readonly Option<string?> _remote = new("--remote")
    {
        Description = $"Address of the cache that a team shares; by default {RemoteVariable}, else what a manifest names. \"{NoRemote}\": none.",
        HelpName = "URL",
    };

    private readonly Option<bool> _readOnly = new("--remote-read-only") { Description = $"Send nothing to the remote cache; {ReadOnlyVariable}=1 says the same." };

    public void AddTo(Command command)
    {
        command.Options.Add(_size);
        command.Options.Add(_remote);
        command.Options.Add(_readOnly);
    }

    /// <summary>Opens the store with its limit.</summary>
    public Store OpenStore(string folder, ParseResult parsed, Session session, RocketManifest manifest)
    {
        (string Name, string Text)? asked = Asked("--cache-max-size", parsed.GetValue(_size), SizeVariable);
        long? size = asked is { } a ? Quantity.ParseSize(a.Name, a.Text) : manifest.Cache.MaximumSize?.Value;
        return Store.Open(folder, message => session.Log.Message(message, isDetail: true), size);
    }

    /// <summary>Adds the remote cache alone, for a command that only looks at it.</summary>
    public void AddRemoteTo(Command command) => command.Options.Add(_remote);

    /// <summary>Opens the remote cache, or null where there is none.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="session">Told how it goes.</param>
    /// <param name="manifest">The manifest, which may name one.</param>
    /// <param name="sendsAll">Whether the end of the run waits until everything is sent.</param>
    public RemoteCache? OpenRemote(ParseResult parsed, Session session, RocketManifest manifest, bool sendsAll)
    {
        if (FindRemote(parsed, manifest.Cache.Remote?.Value) is not { } found)
        {
            return null;
        }

        RemoteOptions options = found with { IsReadOnly = parsed.GetValue(_readOnly) || Environment.GetEnvironmentVariable(ReadOnlyVariable) is "1" or "true" };
        return new RemoteCache(sendsAll ? options with { SendingPatience = null } : options, (message, isDetail) => session.Log.Message(message, isDetail), session.CancellationToken);
    }

    /// <summary>Address and credentials of the remote cache, or null where there is none.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="ofManifest">The manifest's; null: it names none.</param>
    public RemoteOptions? FindRemote(ParseResult parsed, Uri? ofManifest)
    {
        (string Name, string Text)? asked = Asked("--remote", parsed.GetValue(_remote), RemoteVariable);
        Uri? address = asked is { Text: NoRemote } ? null
            : asked is { } a ? RemoteAddress.TryParse(a.Text) ?? throw CommandLineErrors.BadValue(a.Name, a.Text, "an address such as https://cache.example.com/rocket")
            : ofManifest;
        return address is null ? null
            : address.UserInfo.Length > 0 ? throw CommandLineErrors.CredentialsInAddress(asked!.Value.Name)
            : new RemoteOptions(address) { Credentials = RemoteCredentials.Find(address) };
    }

    private static (string Name, string Text)? Asked(string option, string? value, string variable)
        => value is not null ? (option, value)
            : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? (variable, text)
            : null;
}
