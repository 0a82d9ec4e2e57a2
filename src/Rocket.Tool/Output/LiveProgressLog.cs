using Rocket.Pipeline.Stages;
using Spectre.Console;

namespace Rocket.Tool.Output;

/// <summary>A bar for every stage, drawn anew as it goes on; messages scroll above.</summary>
internal sealed class LiveProgressLog(IAnsiConsole console, Verbosity verbosity) : IProgressLog
{
    private readonly Dictionary<(string Model, string Stage), ProgressTask> _tasks = [];
    private ProgressContext? _context;

    /// <inheritdoc/>
    public T Run<T>(Func<T> work) => console.Progress()
        .AutoClear(false)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn())
        .Start(context =>
        {
            _tasks.Clear();
            _context = context;
            try
            {
                return work();
            }
            finally
            {
                _context = null;
            }
        });

    /// <inheritdoc/>
    public void Progress(StageProgress progress)
    {
        if (_context is not { } context || progress.Total == 0)
        {
            return;
        }

        (string, string) key = (progress.Model, progress.Stage);
        if (!_tasks.TryGetValue(key, out ProgressTask? task))
        {
            // A stage that finds everything in the store is no news.
            if (progress.Done == progress.Total && progress.Computed == 0)
            {
                return;
            }

            task = context.AddTask(Markup.Escape(Printable.Line($"{progress.Model} {progress.Stage}")), maxValue: progress.Total);
            _tasks.Add(key, task);
        }

        task.Value = progress.Done;
    }

    /// <inheritdoc/>
    public void Message(string message, bool isDetail = false)
    {
        if (verbosity == Verbosity.Detailed || !isDetail)
        {
            // As wide as the terminal: Spectre writes over the bars without erasing them.
            console.Write(new Grid().Expand().AddColumn(new GridColumn().Padding(0, 0, 0, 0)).AddRow(new Text(Printable.Line(message))));
        }
    }
}
