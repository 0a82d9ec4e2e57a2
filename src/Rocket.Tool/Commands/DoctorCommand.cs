using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Rocket.Tool.Health;
using Rocket.Tool.Output;
using Spectre.Console;

namespace Rocket.Tool.Commands;

/// <summary><c>rocket doctor</c>: says what is there, what is missing and what works.</summary>
internal static class DoctorCommand
{
    private const int Unwell = 1;

    public static Command Create(GlobalOptions globals)
    {
        var cache = new CacheOption();
        var sharing = new SharedCacheOptions();
        var command = new Command("doctor", "Look at what Rocket needs of this machine: processor, cache, remote cache, libtorch, hub. Nothing is fetched.") { cache.Option };
        sharing.AddRemoteTo(command);
        ExampleHelp.WithExample(command, "dotnet rocket doctor");
        return globals.SetAction(command, (parsed, session) =>
        {
            ImmutableArray<HealthCheck> checks = MachineHealth.Look(cache.Folder(parsed), () => sharing.FindRemote(parsed, null), message => session.Log.Message(message), session.CancellationToken);
            bool isWell = checks.All(check => check.State != HealthState.Fails);
            session.Write(
                () => new JsonObject
                {
                    ["works"] = isWell,
                    ["checks"] = new JsonArray([.. checks.Select(check => (JsonNode)new JsonObject { ["name"] = check.Name, ["state"] = Word(check.State), ["detail"] = check.Detail })]),
                },
                terminal => Render(terminal, checks));
            return isWell ? 0 : Unwell;
        });
    }

    private static void Render(Terminal terminal, ImmutableArray<HealthCheck> checks)
    {
        Table table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("name", "state", "detail");
        foreach (HealthCheck check in checks)
        {
            table.AddRow(new Text(check.Name), new Text(Word(check.State)), new Text(Printable.Line(check.Detail)));
        }

        terminal.Out.Write(table);
    }

    private static string Word(HealthState state) => state switch
    {
        HealthState.Works => "works",
        HealthState.Missing => "missing",
        _ => "fails",
    };
}
