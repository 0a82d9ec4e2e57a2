using System.CommandLine;
using Rocket.Tool.Diagnostics;
using Rocket.Tool.Output;

namespace Rocket.Tool.Commands;

/// <summary>The command line as a whole: parses it, runs the command, and turns what goes wrong into lines and an exit code.</summary>
internal static class RocketCommand
{
    /// <summary>Runs the tool.</summary>
    /// <returns>0, 1 for an error that the user can mend, 70 for a bug, 130 when cancelled.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        var globals = new GlobalOptions(terminal);
        ParseResult parsed = Create(globals).Parse(args);
        bool isJson = globals.IsJson(parsed);
        try
        {
            if (parsed.Errors.Count > 0)
            {
                throw CommandLineErrors.Unparsable(string.Join(' ', parsed.Errors.Select(error => error.Message)), parsed.CommandResult.Command.Name);
            }

            // Ctrl+C is ours: the default gives the command two seconds, a linear may need longer to end cleanly.
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.OutWriter,
                Error = terminal.ErrorWriter,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception exception)
        {
            ErrorReport report = ErrorReport.Of(exception);
            terminal.ErrorWriter.WriteLine(globals.IsJsonProgress(parsed) ? report.ToLine() : report.Text);
            if (isJson)
            {
                JsonOutput.Write(terminal, report.ToJson());
            }

            return report.ExitCode;
        }
    }

    internal static RootCommand Create(GlobalOptions globals)
    {
        var root = new RootCommand("Rocket compresses language models: rocket.yaml in, smaller models out.")
        {
            InitCommand.Create(globals),
            RestoreCommand.Create(globals),
            PlanCommand.Create(globals),
            BuildCommand.Create(globals),
            EvaluateCommand.Create(globals),
            InspectCommand.Create(globals),
            ReportCommand.Create(globals),
            ChatCommand.Create(globals),
            ServeCommand.Create(globals),
            CacheCommand.Create(globals),
            DoctorCommand.Create(globals),
        };
        globals.AddTo(root);
        ExampleHelp.Install(root, "dotnet rocket build rocket.yaml --output out");
        root.SetAction(result => root.Parse(["--help"]).Invoke(result.InvocationConfiguration));
        return root;
    }
}
