using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace Rocket.Tool.Commands;

/// <summary>Adds an example to the help of every command.</summary>
internal sealed class ExampleHelp : SynchronousCommandLineAction
{
    private static readonly ConditionalWeakTable<Command, string> Examples = [];

    private readonly HelpAction _help;

    private ExampleHelp(HelpAction help) => _help = help;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Says what the example of a command is.</summary>
    public static Command WithExample(Command command, string example)
    {
        Examples.Add(command, example);
        return command;
    }

    /// <summary>Makes the help of the root and of all its commands end with their examples.</summary>
    public static void Install(RootCommand root, string example)
    {
        Examples.Add(root, example);
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new ExampleHelp((HelpAction)option.Action!);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = _help.Invoke(parseResult);
        if (Examples.TryGetValue(parseResult.CommandResult.Command, out string? example))
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Example:");
            foreach (string line in example.Split('\n'))
            {
                output.WriteLine($"  {line}");
            }

            output.WriteLine();
        }

        return exitCode;
    }
}
