namespace Rocket.Pipeline.Stages;

/// <summary>Counts the units of one stage and tells the log.</summary>
internal sealed class ProgressCounter
{
    private readonly BuildContext _context;
    private readonly string _model;
    private readonly string _stage;
    private readonly int _total;
    private readonly Lock _gate = new();
    private int _done;
    private int _computed;

    public ProgressCounter(BuildContext context, string model, string stage, int total, int found)
    {
        _context = context;
        _model = model;
        _stage = stage;
        _total = total;
        _done = found;
        Report();
    }

    public void Add(bool computed, string? unit = null)
    {
        lock (_gate)
        {
            _done++;
            _computed += computed ? 1 : 0;
            Report(unit);
        }
    }

    private void Report(string? unit = null) => _context.Report(new StageProgress(_model, _stage, _done, _total, _computed) { Unit = unit });
}
