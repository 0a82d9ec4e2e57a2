using System.Diagnostics;
using Rocket.Pipeline.Stages;
using Spectre.Console;

namespace Rocket.Tool.Output;

/// <summary>A tree of what is under way, drawn anew as it goes on; messages scroll above.</summary>
internal sealed class LiveProgressLog(IAnsiConsole console, Verbosity verbosity) : IProgressLog
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private ProgressTree _tree = new();
    private LiveDisplayContext? _context;

    /// <inheritdoc/>
    public T Run<T>(Func<T> work)
    {
        T result = default!;
        _tree = new ProgressTree();
        console.Live(new Text("")).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Top).Start(context =>
        {
            _context = context;
            using (new Timer(_ => Draw(), null, Period, Period))
            {
                try
                {
                    result = work();
                }
                finally
                {
                    Draw();
                    lock (_gate)
                    {
                        _context = null;
                    }
                }
            }
        });
        return result;
    }

    /// <inheritdoc/>
    public void Progress(StageProgress progress)
    {
        lock (_gate)
        {
            _tree.Add(progress, Stopwatch.GetElapsedTime(_start));
        }
    }

    /// <inheritdoc/>
    public void Message(string message, bool isDetail = false)
    {
        if (verbosity == Verbosity.Detailed || !isDetail)
        {
            // As wide as the terminal: Spectre writes over the tree without erasing it.
            console.Write(new Grid().Expand().AddColumn(new GridColumn().Padding(0, 0, 0, 0)).AddRow(new Text(Printable.Line(message))));
        }
    }

    private void Draw()
    {
        lock (_gate)
        {
            if (_context is { } context && !_tree.IsEmpty)
            {
                context.UpdateTarget(_tree.Render(console.Profile.Width, console.Profile.Capabilities.Unicode, Stopwatch.GetElapsedTime(_start), Environment.WorkingSet));
            }
        }
    }
}
