using System.Text.Json.Nodes;
using Rocket.Pipeline.Stages;
using Rocket.Tool.Output;

namespace Rocket.Tool.Tests.Output;

public sealed class JsonProgressLogTests
{
    [Fact]
    public void Every_line_is_an_object_and_the_end_of_a_stage_is_always_told()
    {
        using var writer = new StringWriter();
        var log = new JsonProgressLog(writer, Verbosity.Normal);
        for (int done = 0; done <= 1000; done++)
        {
            log.Progress(new StageProgress("m\e[1m", "profile", done, 1000, done) { Unit = $"linear {done}" });
        }

        log.Message("a message");
        log.Message("a detail", isDetail: true);
        JsonNode[] lines = [.. writer.ToString().TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!)];
        Assert.Equal("message", (string)lines[^1]["type"]!);
        Assert.Equal("a message", (string)lines[^1]["text"]!);
        JsonNode last = lines[^2];
        Assert.Equal(("progress", 1000, 1000, "linear 1000"), ((string)last["type"]!, (int)last["done"]!, (int)last["total"]!, (string)last["unit"]!));
        Assert.True((long)last["memory"]! > 0);
        Assert.DoesNotContain('\e', writer.ToString());
    }
}
