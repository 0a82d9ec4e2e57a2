using Rocket.Tool.Commands;
using Rocket.Tool.Output;
using Rocket.Tool.Tests.Execution;
using Spectre.Console;

namespace Rocket.Tool.Tests.Commands;

public sealed class HelpTests
{
    [Theory]
    [InlineData]
    [InlineData("init")]
    [InlineData("restore")]
    [InlineData("plan")]
    [InlineData("build")]
    [InlineData("evaluate")]
    [InlineData("inspect")]
    [InlineData("report")]
    [InlineData("chat")]
    [InlineData("serve")]
    [InlineData("cache")]
    [InlineData("cache", "list")]
    [InlineData("cache", "verify")]
    [InlineData("cache", "prune")]
    [InlineData("doctor")]
    public async Task The_help_of_every_command_ends_with_an_example(params string[] command)
    {
        (int exitCode, string output, string error) = await RunAsync([.. command, "--help"]);
        Assert.Equal(0, exitCode);
        Assert.Empty(error);
        Assert.Contains($"Example:{Environment.NewLine}  dotnet rocket {string.Join(' ', command)}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_command_shows_the_help()
    {
        (int exitCode, string output, _) = await RunAsync([]);
        Assert.Equal(0, exitCode);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_a_bare_number()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = RocketTool.Run(folder.Path, folder.At("cache"), "--version");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?\s*$", result.Output);
    }

    [Theory]
    [InlineData("biuld")]
    [InlineData("build", "--outptu", "x")]
    [InlineData("evaluate")]
    [InlineData("build", "--verbosity", "loud")]
    public async Task A_command_line_that_does_not_parse_is_a_coded_error(params string[] arguments)
    {
        (int exitCode, string output, string error) = await RunAsync(arguments);
        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.StartsWith("rocket: error RKT1101: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }), AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) }), false);
        int exitCode = await RocketCommand.RunAsync(arguments, terminal, CancellationToken.None);
        return (exitCode, output.ToString(), error.ToString());
    }
}
