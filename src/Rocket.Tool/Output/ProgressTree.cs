using System.Globalization;
using Rocket.Pipeline.Stages;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rocket.Tool.Output;

/// <summary>What is under way as a tree: models and budgets, and below them their stages with bar, rate, time left and the unit at work.</summary>
internal sealed class ProgressTree
{
    private const int StageWidth = 20;
    private const int NarrowBar = 16;
    private const int WideBar = 32;
    private const int WideTerminal = 120;

    private readonly List<(string Model, string Stage, StageRate Rate)> _stages = [];

    /// <summary>Whether there is anything to show.</summary>
    public bool IsEmpty => _stages.Count == 0;

    /// <summary>Takes in how far a stage is; one that finds everything in the store is no news.</summary>
    public void Add(StageProgress progress, TimeSpan now)
    {
        int at = _stages.FindIndex(stage => stage.Model == progress.Model && stage.Stage == progress.Stage);
        if (at < 0)
        {
            if (progress.Total == 0 || (progress.Done == progress.Total && progress.Computed == 0))
            {
                return;
            }

            at = _stages.Count;
            _stages.Add((progress.Model, progress.Stage, new StageRate(now)));
        }

        _stages[at].Rate.Add(progress, now);
    }

    /// <summary>The tree as it stands.</summary>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="isUnicode">Whether it shows more than ASCII.</param>
    /// <param name="now">Time since the start.</param>
    /// <param name="memory">Resident memory, bytes; 0: unknown.</param>
    public IRenderable Render(int width, bool isUnicode, TimeSpan now, long memory)
    {
        bool isWide = width >= WideTerminal;
        List<IRenderable> lines = [];
        IGrouping<string, (string Model, string Stage, StageRate Rate)>[] models = [.. _stages.GroupBy(stage => stage.Model)];
        foreach (IGrouping<string, (string Model, string Stage, StageRate Rate)> model in models)
        {
            lines.Add(Line(Printable.Line(model.Key), width));
            (string Model, string Stage, StageRate Rate)[] stages = [.. model];
            for (int i = 0; i < stages.Length; i++)
            {
                string branch = (isUnicode, i == stages.Length - 1) switch { (true, true) => "└─ ", (true, false) => "├─ ", (false, true) => "`- ", _ => "|- " };
                lines.Add(Line(branch + Stage(stages[i].Stage, stages[i].Rate, isWide, isUnicode), width));
            }
        }

        lines.Add(Line($"{Amounts.Time(now)}{(memory > 0 ? $", {Amounts.Size(memory)} of memory" : "")}", width));
        return new Rows(lines);
    }

    private static string Stage(string name, StageRate rate, bool isWide, bool isUnicode)
    {
        StageProgress last = rate.Last;
        string bar = Bars.Of((double)last.Done / last.Total, isWide ? WideBar : NarrowBar, isUnicode);
        string count = $"{last.Done.ToString(CultureInfo.InvariantCulture).PadLeft(last.Total.ToString(CultureInfo.InvariantCulture).Length)}/{last.Total}";
        string speed = rate.PerSecond is not { } perSecond ? "" : perSecond >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{perSecond:0.0}/s")
            : string.Create(CultureInfo.InvariantCulture, $"{1 / perSecond:0.0} s each");
        string left = rate.IsDone ? $"in {Amounts.Time(rate.Time - rate.Start)}" : rate.Remaining is { } remaining ? $"{Amounts.Time(remaining)} left" : "";
        string unit = isWide && !rate.IsDone && last.Unit is { } at ? Printable.Line(at) : "";
        return $"{Printable.Line(name),-StageWidth} {bar} {count,9}  {speed,-11} {left,-15} {unit}".TrimEnd();
    }

    // A line that the terminal would fold makes the tree jump.
    private static Text Line(string text, int width) => new(text.Length > width - 1 ? text[..(width - 1)] : text);
}
