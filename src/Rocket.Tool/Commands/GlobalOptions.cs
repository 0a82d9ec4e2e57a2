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
        Recursive = true,
    };

    public void AddTo(RootCommand root)
    {
        root.Options.Add(_json);
        root.Options.Add(_verbosity);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetResult(_json) is { Implicit: false };

    /// <summary>What a command needs to talk to its user.</summary>
    public Session Start(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool isJson = parsed.GetValue(_json);
        Verbosity verbosity = parsed.GetValue(_verbosity);
        IProgressLog log = terminal.IsErrorLive && verbosity != Verbosity.Quiet
            ? new LiveProgressLog(terminal.Error, verbosity)
            : new PlainProgressLog(terminal.ErrorWriter, verbosity);
        return new Session(terminal, isJson, verbosity, log, cancellationToken);
    }

    /// <summary>Ties a command to what it does.</summary>
    public Command SetAction(Command command, Func<ParseResult, Session, int> run)
    {
        command.SetAction((parsed, token) => Task.FromResult(run(parsed, Start(parsed, token))));
        return command;
    }
}
