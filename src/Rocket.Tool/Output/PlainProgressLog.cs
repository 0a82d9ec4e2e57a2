using Rocket.Pipeline.Stages;

namespace Rocket.Tool.Output;

/// <summary>Lines for a file or a build server: one when a stage ends, and one every tenth of a long one.</summary>
internal sealed class PlainProgressLog(TextWriter writer, Verbosity verbosity) : IProgressLog
{
    private readonly Dictionary<(string Model, string Stage), int> _tenths = [];

    /// <inheritdoc/>
    public T Run<T>(Func<T> work) => work();

    /// <inheritdoc/>
    public void Progress(StageProgress progress)
    {
        int tenth = progress.Total == 0 ? 10 : (int)(10L * progress.Done / progress.Total);
        (string, string) key = (progress.Model, progress.Stage);
        int told = _tenths.GetValueOrDefault(key, progress.Computed == 0 ? tenth : 0);
        _tenths[key] = Math.Max(told, tenth);
        bool isNews = verbosity switch
        {
            Verbosity.Quiet => false,
            Verbosity.Detailed => true,
            _ => progress.Computed > 0 && tenth > told,
        };
        if (isNews)
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
}
