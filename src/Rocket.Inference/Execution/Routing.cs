using Rocket.Models.Architectures;

namespace Rocket.Inference.Execution;

/// <summary>Which tokens reach which expert of a mixture, and with which share.</summary>
internal sealed unsafe class Routing
{
    private float[] _shares = [];
    private int[] _tokens = [];
    private int _experts;
    private int _count;

    /// <summary>Chooses the experts of every token: softmax over all, the largest <c>TopK</c>, renormalised or not.</summary>
    /// <param name="scores">The router's outputs <c>[tokens, experts]</c>; overwritten.</param>
    public void Choose(RouterSpec router, float* scores, int tokens)
    {
        _experts = router.Linear.DOut;
        _count = tokens;
        if (_shares.Length < tokens * _experts)
        {
            _shares = new float[tokens * _experts];
            _tokens = new int[tokens];
        }

        for (int t = 0; t < tokens; t++)
        {
            float* probabilities = scores + ((nint)t * _experts);
            VectorMath.Softmax(probabilities, _experts);
            ChooseOne(router, new Span<float>(probabilities, _experts), _shares.AsSpan(t * _experts, _experts));
        }
    }

    /// <summary>The tokens that reach an expert.</summary>
    public ReadOnlySpan<int> TokensOf(int expert)
    {
        int count = 0;
        for (int t = 0; t < _count; t++)
        {
            // NaN reaches its experts too, and from there the logits.
            if (_shares[(t * _experts) + expert] != 0)
            {
                _tokens[count++] = t;
            }
        }

        return _tokens.AsSpan(0, count);
    }

    /// <summary>The share of an expert in a token's output.</summary>
    public float Share(int token, int expert) => _shares[(token * _experts) + expert];

    private static void ChooseOne(RouterSpec router, Span<float> probabilities, Span<float> shares)
    {
        shares.Clear();
        float sum = 0;
        for (int chosen = 0; chosen < router.TopK; chosen++)
        {
            int best = 0;
            for (int e = 1; e < probabilities.Length; e++)
            {
                best = probabilities[e] > probabilities[best] ? e : best;
            }

            shares[best] = probabilities[best];
            sum += probabilities[best];
            probabilities[best] = -1;
        }

        if (float.IsNaN(sum))
        {
            shares.Fill(float.NaN);
        }

        for (int e = 0; router.Renormalize && e < shares.Length; e++)
        {
            shares[e] /= sum;
        }
    }
}
