using System.CommandLine;
using Rocket.Tool.Output;

namespace Rocket.Tool.Commands;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions(Terminal terminal)
{
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print one JSON object on standard output; everything else goes to standard error.",
        Recursive = true,
    };

    private readonly Option<Verbosity> _verbosity = new("--verbosity", "-v")
    {
        Description = "How much to tell on standard error: quiet, normal or detailed.",
        DefaultValueFactory = _ => Verbosity.Normal,
        HelpName = "quiet|normal|detailed",
        Recursive = true,
    };

    private readonly Option<ProgressForm> _progress = new("--progress")
    {
        Description = "How progress is shown on standard error: auto (a tree on a terminal, else lines), plain, or json (one object a line, errors too).",
        DefaultValueFactory = _ => ProgressForm.Auto,
        HelpName = "auto|plain|json",
        Recursive = true,
    };

    public void AddTo(RootCommand root)
    {
        root.Options.Add(_json);
        root.Options.Add(_verbosity);
        root.Options.Add(_progress);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetResult(_json) is { Implicit: false };

    /// <summary>Whether errors are told as objects on standard error.</summary>
    public bool IsJsonProgress(ParseResult parsed) => parsed.GetResult(_progress) is { Implicit: false, Errors: var errors } && !errors.Any() && parsed.GetValue(_progress) == ProgressForm.Json;

    /// <summary>What a command needs to talk to its user.</summary>
    public Session Start(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool isJson = parsed.GetValue(_json);
        Verbosity verbosity = parsed.GetValue(_verbosity);
        IProgressLog log = parsed.GetValue(_progress) switch
        {
            ProgressForm.Json => new JsonProgressLog(terminal.ErrorWriter, verbosity),
            ProgressForm.Auto when terminal.IsErrorLive && verbosity != Verbosity.Quiet => new LiveProgressLog(terminal.Error, verbosity),
            _ => new PlainProgressLog(terminal.ErrorWriter, verbosity),
        };
        return new Session(terminal, isJson, verbosity, log, cancellationToken);
    }

    /// <summary>Ties a command to what it does.</summary>
    public Command SetAction(Command command, Func<ParseResult, Session, int> run)
    {
        command.SetAction((parsed, token) => Task.FromResult(run(parsed, Start(parsed, token))));
        return command;
    }
}
