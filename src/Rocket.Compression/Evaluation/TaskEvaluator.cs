using Rocket.Models.Scoring;

namespace Rocket.Compression.Evaluation;

/// <summary>Answers items of zero-shot tasks with any scorer.</summary>
public static class TaskEvaluator
{
    /// <summary>Answers items as the lm-evaluation-harness does.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="items">The items.</param>
    /// <param name="encode">Text to token ids.</param>
    /// <param name="progress">Told the share done.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    public static TaskAnswers Answer(
        ITokenScorer scorer, IReadOnlyList<TaskItem> items, Func<string, int[]> encode, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(items);
        (int[] Ids, int Continuation)[] requests = [.. items.SelectMany(item => item.Requests.Select(request => request.Encode(encode)))];
        IReadOnlyList<TokenScore[]> scores = scorer.Score([.. requests.Select(request => request.Ids)], progress, cancellationToken);
        bool[] right = new bool[items.Count];
        bool[] rightNormalized = new bool[items.Count];
        int next = 0;
        for (int i = 0; i < items.Count; i++)
        {
            TaskItem item = items[i];
            TokenScore[][] continuations = [.. Enumerable.Range(next, item.Requests.Length).Select(r => scores[r][^Math.Min(requests[r].Continuation, scores[r].Length)..])];
            next += item.Requests.Length;
            if (item.Kind == TaskKind.LastWord)
            {
                right[i] = rightNormalized[i] = continuations[0].All(score => score.IsMostProbable);
                continue;
            }

            double[] sums = [.. continuations.Select(continuation => continuation.Sum(score => score.LogProbability))];
            right[i] = Best(sums) == item.Gold;
            rightNormalized[i] = item.Kind == TaskKind.MultipleChoice
                ? Best([.. sums.Zip(item.Requests, (sum, request) => sum / request.Length)]) == item.Gold
                : right[i];
        }

        return new([.. right], [.. rightNormalized]);
    }

    // The first of equal ones, as numpy's argmax.
    private static int Best(double[] values) => Array.IndexOf(values, values.Max());
}
