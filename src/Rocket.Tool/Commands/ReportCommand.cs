using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Rocket.Tool.Output;

namespace Rocket.Tool.Commands;

/// <summary><c>rocket report</c>: writes the page of every model of an output folder anew, and opens it.</summary>
internal static class ReportCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var folder = new Argument<string>("output") { Description = "Output folder of a build, or one model's folder in it.", DefaultValueFactory = _ => "out" };
        var open = new Option<bool>("--open") { Description = "Open the page in the system's browser; BROWSER names another one." };
        var command = new Command("report", "Write report.html over all budgets of a model: sizes, loss, quality, plans, cost.") { folder, open };
        ExampleHelp.WithExample(command, "dotnet rocket report out --open");
        return globals.SetAction(command, (parsed, session) =>
        {
            ImmutableArray<string> pages = [.. ReportPage.ModelFolders(parsed.GetValue(folder)!).Select(ReportPage.Write)];
            session.Write(
                () => new JsonObject { ["pages"] = new JsonArray([.. pages.Select(page => (JsonNode)page)]) },
                terminal => pages.ToList().ForEach(terminal.WriteLine));
            if (parsed.GetValue(open))
            {
                pages.ToList().ForEach(Browser.Open);
            }

            return 0;
        });
    }
}
