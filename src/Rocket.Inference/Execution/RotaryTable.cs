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
                Volatile.Write(ref angles, new Angles(rope.FrequenciesFor(length).AsSpan(), rope.Amplitude, positions));
            }

            return angles;
        }
    }

    private bool IsLong(int length) => rope.OriginalLength > 0 && length > rope.OriginalLength;

    /// <summary>Cosines and sines of the positions from 0, <c>[positions, n]</c> each.</summary>
    internal sealed class Angles
    {
        private readonly float[] _cosines;
        private readonly float[] _sines;
        private readonly int _pairs;

        public Angles(ReadOnlySpan<float> frequencies, float amplitude, int positions)
        {
            Positions = positions;
            _pairs = frequencies.Length;
            _cosines = new float[positions * _pairs];
            _sines = new float[positions * _pairs];
            for (int p = 0; p < positions; p++)
            {
                for (int i = 0; i < _pairs; i++)
                {
                    // Float32, as transformers computes the angles.
                    float angle = p * frequencies[i];
                    _cosines[(p * _pairs) + i] = MathF.Cos(angle) * amplitude;
                    _sines[(p * _pairs) + i] = MathF.Sin(angle) * amplitude;
                }
            }
        }

        public int Positions { get; }

        /// <summary>Rotates the pairs (i, i + n) of a head in place.</summary>
        public unsafe void Rotate(float* head, int position)
        {
            ReadOnlySpan<float> cosine = _cosines.AsSpan(position * _pairs, _pairs);
            ReadOnlySpan<float> sine = _sines.AsSpan(position * _pairs, _pairs);
            for (int i = 0; i < cosine.Length; i++)
            {
                float first = head[i];
                float second = head[i + _pairs];
                head[i] = (first * cosine[i]) - (second * sine[i]);
                head[i + _pairs] = (second * cosine[i]) + (first * sine[i]);
            }
        }
    }
}
