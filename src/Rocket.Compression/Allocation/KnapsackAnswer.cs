namespace Rocket.Compression.Allocation;

/// <summary>A solved knapsack in classes and integer units.</summary>
/// <param name="Parts">By class and rising weight; all copies of every class are in it.</param>
/// <param name="Weight">The total of what is limited.</param>
/// <param name="Cost">The total of what is minimised.</param>
/// <param name="Bound">No selection within the limit costs less.</param>
internal sealed record KnapsackAnswer(IReadOnlyList<KnapsackAnswer.Part> Parts, long Weight, long Cost, long Bound)
{
    /// <summary>Copies of a class that choose the same point of its front.</summary>
    internal readonly record struct Part(int Class, int Point, int Copies);
}
