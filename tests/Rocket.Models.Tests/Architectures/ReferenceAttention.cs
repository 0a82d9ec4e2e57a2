using Rocket.Models.Architectures;

namespace Rocket.Models.Tests.Architectures;

/// <summary>Attention of the <see cref="ReferenceDecoder"/>.</summary>
internal sealed class ReferenceAttention(AttentionSpec spec, ReferenceDecoder decoder)
{
    /// <summary>The output projection of every position.</summary>
    public double[][] Run(double[][] x)
    {
        double[][] queries = [.. x.Select((row, position) => Rotate(decoder.Norm(spec.QueryNorm, decoder.Linear(spec.Query, row)), position, x.Length))];
        double[][] keys = [.. x.Select((row, position) => Rotate(decoder.Norm(spec.KeyNorm, decoder.Linear(spec.Key, row)), position, x.Length))];
        double[][] values = [.. x.Select(row => decoder.Linear(spec.Value, row))];
        return [.. queries.Select((query, position) => decoder.Linear(spec.Output, Attend(query, position, keys, values)))];
    }

    private double[] Attend(double[] query, int position, double[][] keys, double[][] values)
    {
        int first = spec.Window is { } window ? Math.Max(0, position - window + 1) : 0;
        double[] output = new double[query.Length];
        for (int head = 0; head < spec.Heads; head++)
        {
            int from = head * spec.HeadSize;
            int source = head / (spec.Heads / spec.KeyValueHeads) * spec.HeadSize;
            double[] scores = new double[position - first + 1];
            for (int key = first; key <= position; key++)
            {
                double dot = 0;
                for (int i = 0; i < spec.HeadSize; i++)
                {
                    dot += query[from + i] * keys[key][source + i];
                }

                scores[key - first] = ReferenceDecoder.Cap(dot * spec.Scale, spec.SoftCap);
            }

            double[] shares = ReferenceDecoder.Softmax(scores);
            for (int key = first; key <= position; key++)
            {
                for (int i = 0; i < spec.HeadSize; i++)
                {
                    output[from + i] += shares[key - first] * values[key][source + i];
                }
            }
        }

        return output;
    }

    private double[] Rotate(double[] x, int position, int length)
    {
        if (spec.Rope is not { } rope)
        {
            return x;
        }

        var frequencies = rope.FrequenciesFor(length);
        double[] y = [.. x];
        for (int start = 0; start < x.Length; start += spec.HeadSize)
        {
            for (int i = 0; i < frequencies.Length; i++)
            {
                double angle = position * (double)frequencies[i];
                var (sin, cos) = (Math.Sin(angle) * rope.Amplitude, Math.Cos(angle) * rope.Amplitude);
                var (a, b) = (x[start + i], x[start + i + frequencies.Length]);
                y[start + i] = (a * cos) - (b * sin);
                y[start + i + frequencies.Length] = (b * cos) + (a * sin);
            }
        }

        return y;
    }
}
