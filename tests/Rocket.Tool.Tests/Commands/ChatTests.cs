using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Commands;

public sealed class ChatTests
{
    [Fact]
    public void Chat_answers_line_by_line_and_begins_anew_on_reset()
    {
        using var folder = new TemporaryFolder();
        folder.Write("input.txt", "What is the capital of France?\n/reset\nWhat is the capital of France?\n");
        using Process process = RocketTool.StartShell($"\"$ROCKET\" chat '{SmolLm2.Folder}' --max-tokens 8 --json < input.txt", folder.Path, folder.At("cache"));
        ToolResult result = RocketTool.Finish(process);
        Assert.True(result.ExitCode == 0, result.Error);
        JsonObject[] answers = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
        Assert.Equal(2, answers.Length);
        Assert.Equal((string)answers[0]["answer"]!, (string)answers[1]["answer"]!);
        Assert.Equal((int)answers[0]["inputTokens"]!, (int)answers[1]["inputTokens"]!);
    }

    [Fact]
    public void A_folder_that_is_no_chat_model_is_a_coded_error()
    {
        using var folder = new TemporaryFolder();
        ToolResult missing = RocketTool.Run(folder.Path, folder.At("cache"), "chat", "nowhere");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("RKT1106", missing.Error, StringComparison.Ordinal);
        ToolResult mute = RocketTool.Run(folder.Path, folder.At("cache"), "serve", SharedData.PathOf("models", "stories260k"));
        Assert.Equal(1, mute.ExitCode);
        Assert.Contains("RKT2451", mute.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_answers_until_it_is_told_to_stop()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM to send.");
        using var folder = new TemporaryFolder();
        using Process process = RocketTool.Start(folder.Path, folder.At("cache"), "serve", SmolLm2.Folder, "--port", "0", "--json");
        JsonNode started = JsonNode.Parse((await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!)!;
        using HttpClient http = new() { BaseAddress = new Uri((string)started["address"]!) };
        JsonNode models = (await http.GetFromJsonAsync<JsonNode>("/v1/models", TestContext.Current.CancellationToken))!;
        Assert.Equal((string)started["model"]!, (string)models["data"]![0]!["id"]!);
        Assert.Equal(0, Kill(process.Id, 15));
        Assert.True(process.WaitForExit(30_000));
        Assert.Equal(0, process.ExitCode);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
