using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Sources;
using Rocket.Pipeline.Sources.Locking;
using Rocket.Tool.Output;

namespace Rocket.Tool.Commands;

/// <summary><c>rocket restore</c>: fetches the sources of a manifest and pins them.</summary>
internal static class RestoreCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var manifest = new Argument<string>("manifest") { Description = "The manifest.", DefaultValueFactory = _ => ManifestOptions.DefaultManifest };
        var update = new Option<bool>("--update") { Description = "Pin every source anew, as it is now." };
        var locked = new Option<bool>("--locked") { Description = "Fetch what the lock file pins, and change nothing in it." };
        var cache = new CacheOption();
        var command = new Command("restore", "Fetch the models that the manifest names from the hub or from NuGet, and pin them in rocket.lock.yaml.") { manifest, update, locked, cache.Option };
        command.Validators.Add(result =>
        {
            if (result.GetValue(update) && result.GetValue(locked))
            {
                result.AddError("--update and --locked exclude each other.");
            }
        });
        ExampleHelp.WithExample(command, "dotnet rocket restore rocket.yaml");
        return globals.SetAction(command, (parsed, session) =>
        {
            RocketManifest read = ManifestReader.Read(parsed.GetValue(manifest)!);
            LockMode mode = parsed.GetValue(update) ? LockMode.Update : parsed.GetValue(locked) ? LockMode.Locked : LockMode.Follow;
            using Store store = cache.Open(parsed, session);
            ImmutableArray<RestoredSource> sources = SourceRestore.Run(read, store, mode, isWhole: true, message => session.Log.Message(message), session.CancellationToken).Sources;
            session.Write(
                () => new JsonObject { ["manifest"] = read.Path, ["sources"] = new JsonArray([.. sources.Select(source => JsonOutput.Node(source))]) },
                terminal => Render(terminal, sources));
            return 0;
        });
    }

    private static void Render(Terminal terminal, ImmutableArray<RestoredSource> sources)
    {
        if (sources.IsEmpty)
        {
            terminal.WriteLine("Nothing to restore: every source is a folder.");
        }

        foreach (RestoredSource source in sources)
        {
            terminal.WriteLine($"{source.Source}: {source.Revision}, {source.Files} files, {Amounts.Size(source.Bytes)}{(source.IsNew ? ", pinned" : "")}");
            terminal.WriteLine($"  {source.Folder}");
        }
    }
}
