using System.Diagnostics;
using Rocket.Pipeline.Stages;

namespace Rocket.Tool.Output;

/// <summary>Lines for a file or a build server: one when a stage ends, and one every tenth of a long one.</summary>
internal sealed class PlainProgressLog(TextWriter writer, Verbosity verbosity) : IProgressLog
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(string Model, string Stage), (int Tenth, long Time)> _told = [];
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public T Run<T>(Func<T> work) => work();

    /// <inheritdoc/>
    public void Progress(StageProgress progress)
    {
        if (verbosity == Verbosity.Detailed || (verbosity == Verbosity.Normal && IsNews(progress)))
        {
            writer.WriteLine(Printable.Line($"{progress.Model}: {progress.Stage} {progress.Done}/{progress.Total}"));
        }
    }

    /// <inheritdoc/>
    public void Message(string message, bool isDetail = false)
    {
        if (verbosity == Verbosity.Detailed || (verbosity == Verbosity.Normal && !isDetail))
        {
            writer.WriteLine(Printable.Line(message));
        }
    }

    private bool IsNews(StageProgress progress)
    {
        if (progress.Computed == 0)
        {
            return false;
        }

        (string, string) key = (progress.Model, progress.Stage);
        int tenth = (int)(10L * progress.Done / progress.Total);
        (int lastTenth, long lastTime) = _told.GetValueOrDefault(key, (0, _start));
        bool isEnd = progress.Done == progress.Total && lastTenth < 10;
        bool isDue = tenth > lastTenth && Stopwatch.GetElapsedTime(lastTime) > Pause;
        if (isEnd || isDue)
        {
            _told[key] = (tenth, Stopwatch.GetTimestamp());
        }

        return isEnd || isDue;
    }
}
