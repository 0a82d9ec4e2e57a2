using Rocket.Compression.Evaluation;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Tasks;

namespace Rocket.Pipeline.Tests.Tasks;

public sealed class TaskReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("arc_easy", 2376, TaskKind.MultipleChoice)]
    [InlineData("piqa", 1838, TaskKind.MultipleChoice)]
    [InlineData("hellaswag_1k_exact", 1000, TaskKind.MultipleChoice)]
    [InlineData("winogrande", 1267, TaskKind.PartialContext)]
    [InlineData("lambada_openai", 5153, TaskKind.LastWord)]
    public void The_shared_tasks_are_read_whole(string name, int items, TaskKind kind)
    {
        var read = TaskReader.Read(SharedData.PathOf("tasks", name + ".jsonl"), null);
        Assert.Equal(items, read.Length);
        Assert.All(read, item => Assert.Equal(kind, item.Kind));
        Assert.All(read, item => Assert.InRange(item.Gold, 0, item.Requests.Length - 1));
    }

    [Fact]
    public void A_limit_takes_the_first_items()
        => Assert.Equal(TaskReader.Read(SharedData.PathOf("tasks", "piqa.jsonl"), null)[6].Requests, TaskReader.Read(SharedData.PathOf("tasks", "piqa.jsonl"), 7)[^1].Requests);

    [Theory]
    [InlineData("nonsense", "RKT3121")]
    [InlineData("{ \"kind\": \"essay\" }", "RKT3121")]
    [InlineData("{ \"kind\": \"multiple_choice\", \"context\": \"c\", \"gold\": 0 }", "RKT3121")]
    [InlineData("{ \"kind\": \"multiple_choice\", \"context\": \"c\", \"choices\": [\" a\", \" b\"], \"gold\": 2 }", "RKT3121")]
    [InlineData("{ \"kind\": \"multiple_choice\", \"context\": \"c\", \"choices\": [\" a\", \" b\"] }", "RKT3121")]
    [InlineData("{ \"kind\": \"multiple_choice\", \"context\": \"c\", \"choices\": [\" a\", \"\"], \"gold\": 0 }", "RKT3121")]
    [InlineData("{ \"kind\": \"multiple_choice\", \"context\": \"c\", \"choices\": [\" a\"], \"gold\": 0 }", "RKT3121")]
    [InlineData("{ \"kind\": \"partial_context\", \"contexts\": [\"a\", \"b\"], \"gold\": 0 }", "RKT3121")]
    [InlineData("{ \"kind\": \"last_word\", \"context\": \"c\" }", "RKT3121")]
    [InlineData("{ \"kind\": \"last_word\", \"context\": 3, \"target\": \" a\" }", "RKT3121")]
    public void A_line_that_is_no_item_is_told_at_its_place(string line, string code)
    {
        string path = _folder.Write("task.jsonl", "{ \"kind\": \"last_word\", \"context\": \"c\", \"target\": \" d\" }\n\n" + line + "\n");
        RocketException error = Assert.Throws<RocketException>(() => TaskReader.Read(path, null));
        Assert.Equal(code, error.Code);
        Assert.Equal((path, 3), (error.Location!.File, error.Location.Line));
    }

    [Fact]
    public void A_task_without_items_is_refused()
        => Assert.Equal("RKT3122", Assert.Throws<RocketException>(() => TaskReader.Read(_folder.Write("task.jsonl", "\n"), null)).Code);
}
