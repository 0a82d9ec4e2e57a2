using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Diagnostics;

/// <summary>Errors of sources that are fetched, and of their lock file: RKT2351 to RKT2389.</summary>
public static class SourceErrors
{
    /// <summary>RKT2351: a source that begins like a hub or package source and is none.</summary>
    public static RocketException BadSource(Located<string> source, string expected) =>
        new("RKT2351", $"The source \"{source.Value}\" is not of the form {expected}. Write it so; a folder of that name needs \"./\" before it.", source.Location);

    /// <summary>RKT2352: the hub does not have it, or does not show it.</summary>
    public static RocketException NotOnHub(string what, string revision) =>
        new("RKT2352", $"The hub has no {what} at \"{revision}\". Check name and revision; a private model needs HF_TOKEN.");

    /// <summary>RKT2353: the hub wants to know who asks.</summary>
    public static RocketException HubRefuses(string what, int status, bool hasToken) =>
        new("RKT2353", $"The hub refuses {what} (HTTP {status}). {(hasToken ? "The token in HF_TOKEN may not read it: accept the model's terms on its page, or use another token." : "Set HF_TOKEN to a token that may read it.")}");

    /// <summary>RKT2354: the hub cannot be reached, or fails again and again.</summary>
    public static RocketException HubFails(string address, string reason, Exception? cause = null) =>
        new("RKT2354", $"The hub does not give \"{address}\": {OneLine(reason)} Connect to the network, check HF_ENDPOINT and the proxy, and try again; what was fetched is kept.", null, cause);

    /// <summary>RKT2355: an answer that is none of the hub's.</summary>
    public static RocketException BadAnswer(string address, string reason) =>
        new("RKT2355", $"\"{address}\" does not answer as the hub does: {OneLine(reason)} Check HF_ENDPOINT, and whether a proxy answers in its place.");

    /// <summary>RKT2356: a file that is not what was announced.</summary>
    public static RocketException WrongContent(string file, string expected, string found) =>
        new("RKT2356", $"\"{file}\" came damaged: {found} instead of {expected}. Try again; a proxy or mirror that changes files must not be used.");

    /// <summary>RKT2357: a file name that leads out of the model's folder.</summary>
    public static RocketException UnsafePath(string repository, string path) =>
        new("RKT2357", $"\"{repository}\" holds a file whose name leads out of its folder: \"{path}\". Do not use this model unless you trust its origin.");

    /// <summary>RKT2358: no network is allowed, and it is not here.</summary>
    public static RocketException Offline(string what) =>
        new("RKT2358", $"{what} is not in the cache, and HF_HUB_OFFLINE forbids to fetch it. Unset it, or run `dotnet rocket restore` where the network is.");

    /// <summary>RKT2359: a repository without a model that Rocket reads.</summary>
    public static RocketException NoModel(string what, string reason) =>
        new("RKT2359", $"{what} holds no model that Rocket reads: {reason}. Choose one with config.json and *.safetensors.");

    /// <summary>RKT2360: a package with several models.</summary>
    public static RocketException SeveralModels(string package, IEnumerable<string> folders) =>
        new("RKT2360", $"{package} holds several models. Name one: {string.Join(", ", folders.Select(folder => $"\"nuget:{package}#{folder}\""))}.");

    /// <summary>RKT2361: the cache of the hub cannot be written.</summary>
    public static RocketException CacheUnwritable(string folder, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return new("RKT2361", $"The hub's cache at \"{folder}\" cannot be written: {OneLine(cause.Message)} Free some space, check the permissions, or set HF_HOME to another folder.", new SourceLocation(folder), cause);
    }

    /// <summary>RKT2362: the file that a login of the hub's client wrote cannot be read.</summary>
    public static RocketException TokenUnreadable(string path, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return new("RKT2362", $"The hub's token in \"{path}\" cannot be read: {OneLine(cause.Message)} Check its permissions, or set HF_TOKEN.", new SourceLocation(path), cause);
    }

    /// <summary>RKT2371: the lock file cannot be read or written.</summary>
    public static RocketException LockUnusable(string path, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return new("RKT2371", $"The lock file \"{path}\" cannot be used: {OneLine(cause.Message)} Check its permissions.", new SourceLocation(path), cause);
    }

    /// <summary>RKT2372: a lock file that says something else than it must.</summary>
    public static RocketException LockDamaged(SourceLocation location, string reason) =>
        new("RKT2372", $"The lock file is damaged: {OneLine(reason)} Take it from version control, or delete it and run `dotnet rocket restore`.", location);

    /// <summary>RKT2373: a locked build whose source is not in the lock file.</summary>
    public static RocketException NotLocked(Located<string> source, string path) =>
        new("RKT2373", $"\"{source.Value}\" is not in \"{path}\", and --locked allows no other source. Run `dotnet rocket restore` and commit the lock file.", source.Location);

    /// <summary>RKT2374: files that are not those of the lock file.</summary>
    public static RocketException Drift(Located<string> source, string file, string lockFile) =>
        new("RKT2374", $"\"{file}\" of \"{source.Value}\" is not the file that \"{lockFile}\" pins. If the change is wanted, run `dotnet rocket restore --update`; else clear the cache that holds it.", source.Location);

    private static string OneLine(string text)
    {
        string line = string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return line.EndsWith('.') ? line : line + ".";
    }
}
