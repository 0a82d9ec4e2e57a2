using System.Diagnostics;
using System.Text.Json.Nodes;
using Rocket.Pipeline.Stages;

namespace Rocket.Tool.Output;

/// <summary>One object a line, for other tools: <c>progress</c> and <c>message</c>.</summary>
internal sealed class JsonProgressLog(TextWriter writer, Verbosity verbosity) : IProgressLog
{
    // A tool that draws a bar needs no more.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<(string Model, string Stage), (StageRate Rate, TimeSpan Told)> _stages = [];
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public T Run<T>(Func<T> work) => work();

    /// <inheritdoc/>
    public void Progress(StageProgress progress)
    {
        TimeSpan now = Stopwatch.GetElapsedTime(_start);
        (string, string) key = (progress.Model, progress.Stage);
        bool isKnown = _stages.TryGetValue(key, out (StageRate Rate, TimeSpan Told) stage);
        StageRate rate = isKnown ? stage.Rate : new StageRate(now);
        rate.Add(progress, now);
        bool isTold = verbosity != Verbosity.Quiet && progress.Total > 0
            && (!isKnown || rate.IsDone || verbosity == Verbosity.Detailed || now - stage.Told >= Pause);
        _stages[key] = (rate, isTold ? now : stage.Told);
        if (isTold)
        {
            Write(new JsonObject
            {
                ["type"] = "progress",
                ["model"] = progress.Model,
                ["stage"] = progress.Stage,
                ["done"] = progress.Done,
                ["total"] = progress.Total,
                ["computed"] = progress.Computed,
                ["unit"] = progress.Unit,
                ["perSecond"] = rate.PerSecond,
                ["secondsLeft"] = rate.Remaining?.TotalSeconds,
                ["memory"] = Environment.WorkingSet,
            });
        }
    }

    /// <inheritdoc/>
    public void Message(string message, bool isDetail = false)
    {
        if (verbosity == Verbosity.Detailed || (verbosity == Verbosity.Normal && !isDetail))
        {
            Write(new JsonObject { ["type"] = "message", ["text"] = message, ["isDetail"] = isDetail });
        }
    }

    private void Write(JsonObject line) => writer.WriteLine(line.ToJsonString());
}
