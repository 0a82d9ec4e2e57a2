namespace Rocket.Pipeline.Stages;

/// <summary>Is told how a build goes on. Calls come from several threads, one at a time.</summary>
public interface IBuildLog
{
    /// <summary>A stage has done some of its units.</summary>
    void Progress(StageProgress progress);

    /// <summary>Something that a user may want to know.</summary>
    /// <param name="message">The sentence.</param>
    /// <param name="isDetail">Shown at detailed verbosity only.</param>
    void Message(string message, bool isDetail = false);
}

/// <summary>How far a stage is.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Stage">The stage's name.</param>
/// <param name="Done">Units that are done: computed, or found in the store.</param>
/// <param name="Total">All units of the stage.</param>
/// <param name="Computed">Units that were computed in this run.</param>
public readonly record struct StageProgress(string Model, string Stage, int Done, int Total, int Computed)
{
    /// <summary>The unit that was done last, such as a block or a linear; null: none yet, or it has no name.</summary>
    public string? Unit { get; init; }
}
