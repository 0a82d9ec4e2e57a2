using System.Collections.Immutable;

namespace Rocket.Compression.Evaluation;

/// <summary>Which items of a task a model got right.</summary>
/// <param name="Right">By log-likelihood, or by greedy decoding.</param>
/// <param name="RightNormalized">By log-likelihood over length; the same as <paramref name="Right"/> where the task has no choices of different length.</param>
public sealed record TaskAnswers(ImmutableArray<bool> Right, ImmutableArray<bool> RightNormalized)
{
    /// <summary>Share of right answers (<c>acc</c>).</summary>
    public Accuracy Accuracy => Count(Right);

    /// <summary>Share of right answers by length-normalised log-likelihood (<c>acc_norm</c>).</summary>
    public Accuracy NormalizedAccuracy => Count(RightNormalized);

    /// <summary>The answers of several parts of a task, in their order.</summary>
    public static TaskAnswers Join(IReadOnlyCollection<TaskAnswers> parts)
        => new([.. parts.SelectMany(part => part.Right)], [.. parts.SelectMany(part => part.RightNormalized)]);

    private static Accuracy Count(ImmutableArray<bool> answers) => new(answers.Count(right => right), answers.Length);
}
