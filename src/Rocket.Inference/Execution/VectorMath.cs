using System.Numerics;
using Rocket.Models.Architectures;

namespace Rocket.Inference.Execution;

/// <summary>Operations on runs of float32.</summary>
internal static unsafe class VectorMath
{
    private static int Width => Vector<float>.Count;

    /// <summary>The sum of a[i] b[i].</summary>
    public static float Dot(float* a, float* b, int count)
    {
        Vector<float> sum0 = default, sum1 = default;
        int i = 0;
        for (; i + (2 * Width) <= count; i += 2 * Width)
        {
            sum0 = Vector.FusedMultiplyAdd(Vector.Load(a + i), Vector.Load(b + i), sum0);
            sum1 = Vector.FusedMultiplyAdd(Vector.Load(a + i + Width), Vector.Load(b + i + Width), sum1);
        }

        float sum = Vector.Sum(sum0 + sum1);
        for (; i < count; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>y += factor x.</summary>
    public static void AddScaled(float* y, float* x, float factor, int count)
    {
        Vector<float> factors = new(factor);
        int i = 0;
        for (; i + Width <= count; i += Width)
        {
            Vector.FusedMultiplyAdd(factors, Vector.Load(x + i), Vector.Load(y + i)).Store(y + i);
        }

        for (; i < count; i++)
        {
            y[i] += factor * x[i];
        }
    }

    /// <summary>x *= factor.</summary>
    public static void Scale(float* x, float factor, int count)
    {
        Vector<float> factors = new(factor);
        int i = 0;
        for (; i + Width <= count; i += Width)
        {
            (factors * Vector.Load(x + i)).Store(x + i);
        }

        for (; i < count; i++)
        {
            x[i] *= factor;
        }
    }

    /// <summary>The largest element.</summary>
    public static float Max(float* x, int count)
    {
        float largest = float.NegativeInfinity;
        int i = 0;
        if (count >= Width)
        {
            Vector<float> most = Vector.Load(x);
            for (i = Width; i + Width <= count; i += Width)
            {
                most = Vector.Max(most, Vector.Load(x + i));
            }

            for (int lane = 0; lane < Width; lane++)
            {
                largest = MathF.Max(largest, most[lane]);
            }
        }

        for (; i < count; i++)
        {
            largest = MathF.Max(largest, x[i]);
        }

        return largest;
    }

    /// <summary>The sum of exp(x[i] - shift); the exponentials replace x where asked.</summary>
    public static float SumExp(float* x, float shift, int count, bool store)
    {
        Vector<float> shifts = new(shift);
        Vector<float> sums = default;
        int i = 0;
        for (; i + Width <= count; i += Width)
        {
            Vector<float> value = Vector.Exp(Vector.Load(x + i) - shifts);
            sums += value;
            if (store)
            {
                value.Store(x + i);
            }
        }

        float sum = Vector.Sum(sums);
        for (; i < count; i++)
        {
            float value = MathF.Exp(x[i] - shift);
            sum += value;
            if (store)
            {
                x[i] = value;
            }
        }

        return sum;
    }

    /// <summary>exp(x[i]) over their sum, in place.</summary>
    public static void Softmax(float* x, int count)
        => Scale(x, 1 / SumExp(x, Max(x, count), count, store: true), count);

    /// <summary>cap tanh(x / cap), in place.</summary>
    public static void SoftCap(float* x, float cap, int count)
    {
        int i = 0;
        for (; i + Width <= count; i += Width)
        {
            (new Vector<float>(cap) * Tanh(Vector.Load(x + i) * new Vector<float>(1 / cap))).Store(x + i);
        }

        for (; i < count; i++)
        {
            x[i] = cap * MathF.Tanh(x[i] / cap);
        }
    }

    /// <summary>gate = act(gate) * up.</summary>
    public static void Gate(Activation activation, float* gate, float* up, int count)
    {
        int i = 0;
        for (; activation != Activation.Gelu && i + Width <= count; i += Width)
        {
            Vector<float> x = Vector.Load(gate + i);
            Vector<float> active = activation == Activation.Silu ? x / (Vector<float>.One + Vector.Exp(-x)) : GeluTanh(x);
            (active * Vector.Load(up + i)).Store(gate + i);
        }

        for (; i < count; i++)
        {
            gate[i] = up[i] * Activate(activation, gate[i]);
        }
    }

    private static float Activate(Activation activation, float x) => activation switch
    {
        Activation.Silu => x / (1 + MathF.Exp(-x)),
        Activation.GeluTanh => 0.5f * x * (1 + MathF.Tanh(0.7978845608f * x * (1 + (0.044715f * x * x)))),
        _ => (float)(0.5 * x * (1 + ErrorFunction.Of(x / Math.Sqrt(2)))),
    };

    private static Vector<float> GeluTanh(Vector<float> x)
    {
        Vector<float> inner = new Vector<float>(0.7978845608f) * x * (Vector<float>.One + (new Vector<float>(0.044715f) * x * x));
        return new Vector<float>(0.5f) * x * (Vector<float>.One + Tanh(inner));
    }

    // 1 - 2 / (exp(2 x) + 1); past 40 it is 1 in float32, and exp must not overflow.
    private static Vector<float> Tanh(Vector<float> x)
    {
        Vector<float> bounded = Vector.Min(Vector.Max(x, new Vector<float>(-40f)), new Vector<float>(40f));
        return Vector<float>.One - (new Vector<float>(2f) / (Vector.Exp(bounded + bounded) + Vector<float>.One));
    }
}
