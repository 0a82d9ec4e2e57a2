using System.Diagnostics;
using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Builds;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Commands;

/// <summary>What a user sees in a real terminal, and what a file gets.</summary>
public sealed class TerminalTests(BuiltStories built)
{
    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void A_build_and_its_plan_fit_the_terminal(int width)
    {
        using TemporaryFolder folder = Project();
        string screen = Show(folder, width, "\"$ROCKET\" build --output out; \"$ROCKET\" plan");
        string[] lines = screen.Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Contains(lines, line => line.Trim() == "stories/r40");
        Assert.Contains(lines, line => line.StartsWith("└─ factorize", StringComparison.Ordinal) && line.Contains(" in ", StringComparison.Ordinal));
        Assert.Contains("of memory", screen, StringComparison.Ordinal);
        Assert.Contains("stories: predicted loss (nats a token) against true bytes", screen, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("  A r40: ", StringComparison.Ordinal));

        // A row a block, seven bars in it, on one line.
        string[] rows = [.. lines.Where(line => line.Count(character => character == '█') >= 7 && !line.Contains('─', StringComparison.Ordinal))];
        Assert.Equal(5, rows.Length);
        Assert.Equal(width >= 120, screen.Contains("gate_proj", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_gets_no_control_codes()
    {
        using TemporaryFolder folder = Project();
        ToolResult result = RocketTool.Run(folder.Path, folder.At("cache"), "build", "--output", "out");
        Assert.True(result.ExitCode == 0, result.Error);
        ToolResult plan = RocketTool.Run(folder.Path, folder.At("cache"), "plan");
        Assert.All(result.Output + result.Error + plan.Output + plan.Error, character => Assert.True(!char.IsControl(character) || character is '\n' or '\r'));
        Assert.Contains("stories/r40: factorize", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_as_json_is_one_object_a_line_errors_too()
    {
        using TemporaryFolder folder = Project();
        ToolResult result = RocketTool.Run(folder.Path, folder.At("cache"), "build", "--output", "out", "--progress", "json");
        JsonNode[] lines = [.. result.Error.TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!)];
        Assert.Contains(lines, line => (string)line["type"]! == "progress" && (string)line["stage"]! == "factorize" && (int)line["done"]! == (int)line["total"]! && (string?)line["unit"] is not null);

        File.WriteAllText(folder.At("rocket.yaml"), "version: 2\n");
        ToolResult wrong = RocketTool.Run(folder.Path, folder.At("cache"), "build", "--progress", "json");
        JsonNode error = JsonNode.Parse(wrong.Error.TrimEnd())!;
        Assert.Equal(("error", 1, "rocket.yaml"), ((string)error["type"]!, (int)error["exitCode"]!, (string)error["file"]!));
        Assert.StartsWith("RKT10", (string)error["code"]!, StringComparison.Ordinal);
    }

    private TemporaryFolder Project()
    {
        var folder = new TemporaryFolder();
        Stories.WriteManifest(folder, [40]);
        BuildTests.CopyFolder(built.Cache, folder.At("cache"));
        return folder;
    }

    // A terminal of its own server, so that neither the user's sessions nor settings matter.
    private static string Show(TemporaryFolder folder, int width, string script)
    {
        string socket = folder.At("tmux");
        folder.Write("show.sh", $"export ROCKET='{Path.Combine(AppContext.BaseDirectory, "rocket")}' ROCKET_CACHE='{folder.At("cache")}' LC_ALL=C.UTF-8 TERM=screen-256color\ncd '{folder.Path}'\n{script}\ntouch ready\nsleep 600\n");
        Tmux(socket, "-f", "/dev/null", "new-session", "-d", "-x", $"{width}", "-y", "100", "sh", folder.At("show.sh"));
        try
        {
            Assert.True(SpinWait.SpinUntil(() => File.Exists(folder.At("ready")), TimeSpan.FromMinutes(5)), "The commands did not end.");
            return Tmux(socket, "capture-pane", "-p", "-S", "-300");
        }
        finally
        {
            Tmux(socket, "kill-server");
        }
    }

    private static string Tmux(string socket, params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux", ["-u", "-S", socket, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = System.Text.Encoding.UTF8 };
        start.Environment.Remove("TMUX");
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(error);
    }
}
