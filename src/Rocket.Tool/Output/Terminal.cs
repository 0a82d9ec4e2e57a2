using Spectre.Console;

namespace Rocket.Tool.Output;

/// <summary>Standard output for results and standard error for everything else.</summary>
/// <param name="OutWriter">Standard output.</param>
/// <param name="ErrorWriter">Standard error.</param>
/// <param name="Out">Standard output for tables; without control codes where it is no terminal.</param>
/// <param name="Error">Standard error for live progress.</param>
/// <param name="IsErrorLive">Whether standard error is a terminal that can be drawn on.</param>
internal sealed record Terminal(TextWriter OutWriter, TextWriter ErrorWriter, IAnsiConsole Out, IAnsiConsole Error, bool IsErrorLive)
{
    // A file has no width: no table of ours is folded in it.
    private const int WidthOfFile = 400;

    /// <summary>The process's own streams.</summary>
    public static Terminal OfProcess()
    {
        bool isDumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        bool isErrorLive = !Console.IsErrorRedirected && !isDumb;
        return new Terminal(
            Console.Out,
            Console.Error,
            CreateConsole(Console.Out, !Console.IsOutputRedirected && !isDumb),
            CreateConsole(Console.Error, isErrorLive),
            isErrorLive);
    }

    /// <summary>Prints a line of a result.</summary>
    public void WriteLine(string line) => OutWriter.WriteLine(Printable.Line(line));

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isTerminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new AnsiConsoleOutput(writer),
        });
        if (!isTerminal)
        {
            console.Profile.Width = WidthOfFile;
        }

        return console;
    }
}
