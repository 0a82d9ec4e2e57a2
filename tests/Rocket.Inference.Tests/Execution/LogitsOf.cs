using Rocket.Inference.Execution;
using Rocket.Inference.Memory;

namespace Rocket.Inference.Tests.Execution;

/// <summary>Logits of a sequence, computed in different ways.</summary>
internal static class LogitsOf
{
    /// <summary>All positions in one pass, <c>[tokens][vocabulary]</c>.</summary>
    public static unsafe float[][] OnePass(RocketModel model, int[] ids)
    {
        var all = new float[ids.Length][];
        int vocabulary = model.Spec.VocabularySize;
        using InferenceSession session = model.CreateSession();
        using var room = new NativeBuffer(128L * vocabulary);
        SequenceScorer.VisitLogits(session, ids, ids.Length, room, (position, row) => all[position] = new ReadOnlySpan<float>((float*)row, vocabulary).ToArray(), CancellationToken.None);
        return all;
    }

    /// <summary>After each part of a sequence: the number of tokens so far and the logits of the last.</summary>
    public static IEnumerable<(int Length, float[] Logits)> Parts(RocketModel model, int[] ids, params int[] parts)
    {
        using InferenceSession session = model.CreateSession();
        for (int next = 0; session.Position < ids.Length; next++)
        {
            int count = Math.Min(parts[next % parts.Length], ids.Length - session.Position);
            float[] logits = session.Append(ids.AsSpan(session.Position, count)).ToArray();
            yield return (session.Position, logits);
        }
    }

    /// <summary>The largest absolute difference.</summary>
    public static float Difference(float[] a, float[] b)
    {
        Assert.Equal(a.Length, b.Length);
        float largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            largest = MathF.Max(largest, MathF.Abs(a[i] - b[i]));
        }

        return largest;
    }
}
