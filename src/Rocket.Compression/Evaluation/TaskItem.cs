using System.Collections.Immutable;

namespace Rocket.Compression.Evaluation;

/// <summary>One item of a zero-shot task.</summary>
/// <param name="Kind">How it is scored.</param>
/// <param name="Requests">Contexts and continuations whose log-likelihoods decide; one for <see cref="TaskKind.LastWord"/>.</param>
/// <param name="Gold">Index of the right one.</param>
public sealed record TaskItem(TaskKind Kind, ImmutableArray<TaskRequest> Requests, int Gold);

/// <summary>A continuation that is scored given a context.</summary>
/// <param name="Context">What is given.</param>
/// <param name="Continuation">What is scored, with the space that it begins with.</param>
public sealed record TaskRequest(string Context, string Continuation)
{
    /// <summary>Length of the continuation, in code points.</summary>
    public int Length => Continuation.EnumerateRunes().Count();

    /// <summary>The tokens of both and how many of them are the continuation's.</summary>
    /// <remarks>As the lm-evaluation-harness does it: spaces at the context's end move to the continuation; both are tokenized together, and the context's own number of tokens splits them.</remarks>
    /// <param name="encode">Text to token ids.</param>
    public (int[] Ids, int Continuation) Encode(Func<string, int[]> encode)
    {
        ArgumentNullException.ThrowIfNull(encode);
        int[] whole = encode(Context + Continuation);
        int given = encode(Context.TrimEnd()).Length;
        return (whole, whole.Length - given);
    }
}
