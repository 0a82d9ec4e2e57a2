namespace Rocket.Inference.Sampling;

/// <summary>The tokens that may be drawn, most probable first; buffers are kept from token to token.</summary>
internal sealed class Candidates(int vocabulary)
{
    private readonly float[] _values = new float[vocabulary];
    private readonly int[] _ids = new int[vocabulary];
    private float _total;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the tokens that survive the filters.</summary>
    public void Fill(ReadOnlySpan<float> logits, SamplingOptions options)
    {
        float greatest = logits[Sampler.Greatest(logits)];
        float inverse = 1 / options.Temperature;
        bool isLimited = options.TopK > 0 && options.TopK < logits.Length;
        if (isLimited)
        {
            TakeGreatest(logits, options.TopK);
        }
        else
        {
            TakeLikely(logits, greatest, inverse, options.TopP);
        }

        float sum = 0;
        for (int i = 0; i < Count; i++)
        {
            _values[i] = MathF.Exp((_values[i] - greatest) * inverse);
            sum += _values[i];
        }

        if (!isLimited)
        {
            sum = _total;
        }

        CutTail(sum, options);
    }

    /// <summary>The token at a place of the cumulated probabilities, from 0 to below 1.</summary>
    public int Draw(double place)
    {
        double sum = 0;
        for (int i = 0; i < Count; i++)
        {
            sum += _values[i];
        }

        double left = place * sum;
        for (int i = 0; i < Count - 1; i++)
        {
            left -= _values[i];
            if (left < 0)
            {
                return _ids[i];
            }
        }

        return _ids[Count - 1];
    }

    // Keeps the k greatest in order; an equal logit stands behind one of a smaller id.
    private void TakeGreatest(ReadOnlySpan<float> logits, int k)
    {
        Count = 0;
        for (int id = 0; id < logits.Length; id++)
        {
            float value = logits[id];
            if (Count == k && value <= _values[k - 1])
            {
                continue;
            }

            int place = Count < k ? Count++ : k - 1;
            for (; place > 0 && _values[place - 1] < value; place--)
            {
                _values[place] = _values[place - 1];
                _ids[place] = _ids[place - 1];
            }

            _values[place] = value;
            _ids[place] = id;
        }
    }

    // Sorts only what top-p can keep: all tokens below (1 - p) / vocabulary together do not reach 1 - p.
    private void TakeLikely(ReadOnlySpan<float> logits, float greatest, float inverse, float topP)
    {
        _total = 0;
        for (int id = 0; id < logits.Length; id++)
        {
            _total += MathF.Exp((logits[id] - greatest) * inverse);
        }

        float least = topP >= 1 ? 0 : (1 - topP) / logits.Length * _total;
        float threshold = least <= 0 ? float.NegativeInfinity : greatest + (MathF.Log(least) / inverse);
        Count = 0;
        for (int id = 0; id < logits.Length; id++)
        {
            if (logits[id] >= threshold && logits[id] > float.NegativeInfinity)
            {
                _values[Count] = -logits[id];
                _ids[Count++] = id;
            }
        }

        if (topP < 1)
        {
            _values.AsSpan(0, Count).Sort(_ids.AsSpan(0, Count));
        }

        for (int i = 0; i < Count; i++)
        {
            _values[i] = -_values[i];
        }
    }

    private void CutTail(float sum, SamplingOptions options)
    {
        if (options.TopP < 1)
        {
            float reached = 0;
            int kept = 0;
            while (kept < Count && (kept == 0 || reached < options.TopP * sum))
            {
                reached += _values[kept++];
            }

            Count = kept;
        }

        if (options.MinP > 0)
        {
            int kept = 0;
            for (int i = 0; i < Count; i++)
            {
                // The most probable token has the value 1.
                if (_values[i] >= options.MinP)
                {
                    _values[kept] = _values[i];
                    _ids[kept++] = _ids[i];
                }
            }

            Count = kept;
        }
    }
}
