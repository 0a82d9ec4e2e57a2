using Rocket.Inference.Memory;
using Rocket.Models.Architectures;

namespace Rocket.Inference.Execution;

/// <summary>Cosines and sines of a rotary embedding, computed as far as sequences reach and shared by all sessions.</summary>
internal sealed class RotaryTable(RopeSpec rope)
{
    private const int Least = 256;

    private readonly Lock _growing = new();
    private Angles? _plain;
    private Angles? _long;

    /// <summary>Whether sequences of two lengths have different angles at the same position (longrope).</summary>
    public bool DiffersBetween(int length, int other) => IsLong(length) != IsLong(other);

    /// <summary>The angles for a sequence of <paramref name="length"/> tokens.</summary>
    public Angles For(int length)
    {
        ref Angles? angles = ref IsLong(length) ? ref _long : ref _plain;
        Angles? found = Volatile.Read(ref angles);
        if (found is not null && found.Positions >= length)
        {
            return found;
        }

        lock (_growing)
        {
            if (angles is null || angles.Positions < length)
            {
                int positions = Math.Max(Math.Max(length, Least), 2 * (angles?.Positions ?? 0));
                Volatile.Write(ref angles, Angles.Compute(rope.FrequenciesFor(length).AsSpan(), rope.Amplitude, positions));
            }

            return angles;
        }
    }

    private bool IsLong(int length) => rope.OriginalLength > 0 && length > rope.OriginalLength;

    /// <summary>Cosines and sines of the positions from 0, <c>[positions, 2, n]</c>; outside the managed heap, which a growing sequence leaves alone.</summary>
    internal sealed unsafe class Angles
    {
        private readonly NativeBuffer _table;
        private readonly int _pairs;

        private Angles(NativeBuffer table, int pairs, int positions)
        {
            _table = table;
            _pairs = pairs;
            Positions = positions;
        }

        public int Positions { get; }

        /// <summary>Computes the angles of so many positions.</summary>
        public static Angles Compute(ReadOnlySpan<float> frequencies, float amplitude, int positions)
        {
            int pairs = frequencies.Length;
            var angles = new Angles(new NativeBuffer(2L * positions * pairs), pairs, positions);
            for (int p = 0; p < positions; p++)
            {
                float* cosines = angles.CosinesOf(p);
                for (int i = 0; i < pairs; i++)
                {
                    // Float32, as transformers computes the angles.
                    float angle = p * frequencies[i];
                    cosines[i] = MathF.Cos(angle) * amplitude;
                    cosines[pairs + i] = MathF.Sin(angle) * amplitude;
                }
            }

            return angles;
        }

        /// <summary>Rotates the pairs (i, i + n) of a head in place.</summary>
        public void Rotate(float* head, int position)
        {
            float* cosines = CosinesOf(position);
            float* sines = cosines + _pairs;
            for (int i = 0; i < _pairs; i++)
            {
                float first = head[i];
                float second = head[i + _pairs];
                head[i] = (first * cosines[i]) - (second * sines[i]);
                head[i + _pairs] = (second * cosines[i]) + (first * sines[i]);
            }

            GC.KeepAlive(this);
        }

        private float* CosinesOf(int position) => _table.Pointer + (2 * (nint)position * _pairs);
    }
}
