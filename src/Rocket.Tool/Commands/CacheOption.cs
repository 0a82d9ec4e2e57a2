using System.CommandLine;
using Rocket.Pipeline.Caching;

namespace Rocket.Tool.Commands;

/// <summary>Where the store is.</summary>
internal sealed class CacheOption
{
    public Option<string?> Option { get; } = new("--cache")
    {
        Description = "Folder of the cache; by default ROCKET_CACHE, else rocket in the user's cache folder.",
        HelpName = "DIR",
    };

    public string Folder(ParseResult parsed) => parsed.GetValue(Option) is { Length: > 0 } folder ? folder : Store.DefaultFolder;

    public Store Open(ParseResult parsed, Session session) => Store.Open(Folder(parsed), message => session.Log.Message(message));
}
