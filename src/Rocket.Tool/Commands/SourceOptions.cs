using System.CommandLine;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Sources;
using Rocket.Pipeline.Sources.Locking;

namespace Rocket.Tool.Commands;

/// <summary>How the sources of a manifest are brought by commands that need them.</summary>
internal sealed class SourceOptions
{
    private readonly Option<bool> _locked = new("--locked") { Description = "Refuse sources that are not in the lock file, or not as it pins them." };

    public void AddTo(Command command) => command.Options.Add(_locked);

    /// <summary>Brings the sources that are not here yet.</summary>
    public RocketManifest Restore(ParseResult parsed, Session session, RocketManifest manifest, Store store) => SourceRestore.Run(
        manifest, store, parsed.GetValue(_locked) ? LockMode.Locked : LockMode.Follow, isWhole: false, message => session.Log.Message(message), session.CancellationToken).Manifest;
}
