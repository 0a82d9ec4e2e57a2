using Rocket.Inference.Memory;
using Rocket.Models.Scoring;

namespace Rocket.Inference.Execution;

/// <summary>Scores all tokens of a sequence in one pass.</summary>
internal static unsafe class SequenceScorer
{
    // Bounds the logits in flight: 128 tokens of a vocabulary of 256 000 are 131 MB.
    private const int HeadChunk = 128;

    /// <summary>Log-probabilities (nats) of the tokens that follow, and whether each was the most probable.</summary>
    public static TokenScore[] Score(InferenceSession session, int[] ids, CancellationToken cancellationToken)
    {
        var scores = new TokenScore[Math.Max(ids.Length - 1, 0)];
        if (scores.Length > 0)
        {
            int vocabulary = session.Model.Spec.VocabularySize;
            using var logits = new NativeBuffer((long)Math.Min(HeadChunk, scores.Length) * vocabulary);
            VisitLogits(session, ids, scores.Length, logits, (position, row) => scores[position] = ScoreOne((float*)row, vocabulary, ids[position + 1]), cancellationToken);
        }

        foreach (TokenScore score in scores)
        {
            if (!double.IsFinite(score.LogProbability))
            {
                throw session.Model.NotFinite();
            }
        }

        return scores;
    }

    /// <summary>Shows the logits after each of the first <paramref name="count"/> tokens.</summary>
    public static void VisitLogits(InferenceSession session, int[] ids, int count, NativeBuffer logits, Action<int, nint> visit, CancellationToken cancellationToken)
    {
        int vocabulary = session.Model.Spec.VocabularySize;
        session.Run(ids, (executor, start, tokens) =>
        {
            for (int t = 0; t < tokens && start + t < count; t += HeadChunk)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int rows = Math.Min(Math.Min(HeadChunk, tokens - t), count - start - t);
                executor.Logits(t, rows, logits.Pointer);
                for (int i = 0; i < rows; i++)
                {
                    visit(start + t + i, (nint)(logits.Pointer + ((nint)i * vocabulary)));
                }
            }
        });
    }

    private static TokenScore ScoreOne(float* logits, int vocabulary, int next)
    {
        float largest = VectorMath.Max(logits, vocabulary);
        double sum = 0;
        const int Run = 4096;
        for (int i = 0; i < vocabulary; i += Run)
        {
            sum += VectorMath.SumExp(logits + i, largest, Math.Min(Run, vocabulary - i), store: false);
        }

        return new TokenScore((double)logits[next] - largest - Math.Log(sum), logits[next] >= largest);
    }
}
