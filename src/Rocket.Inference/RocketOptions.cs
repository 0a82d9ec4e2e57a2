namespace Rocket.Inference;

/// <summary>How a model is run.</summary>
public sealed record RocketOptions
{
    /// <summary>Threads that share the work of a step; 0: one a processor. Results are the same with any number.</summary>
    public int Threads { get; init; }

    /// <summary>Whether sparse linears get a dense copy in memory, which takes as much of it as the source's weight.</summary>
    public DenseCopies DenseCopies { get; init; }
}
