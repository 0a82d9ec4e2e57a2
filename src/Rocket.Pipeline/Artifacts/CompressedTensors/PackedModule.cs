using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using Rocket.Pipeline.Artifacts.Layouts;
using Rocket.Pipeline.Stages;

namespace Rocket.Pipeline.Artifacts.CompressedTensors;

/// <summary>An <c>nn.Linear</c> of the source whose codes are written as <c>pack-quantized</c> tensors: 32 / bits codes in an int32, the first in the lowest bits.</summary>
/// <remarks>
/// Both layouts store a code as the unsigned number c of a value scale * (c - z); compressed-tensors reads c - 2^(bits-1) and z - 2^(bits-1), whose difference is the same.
/// So codes and scales are the artifact's own bytes; the zero points alone are packed anew, along the rows.
/// </remarks>
/// <param name="Linear">The whole of the source's tensor.</param>
/// <param name="Quantization">Width of codes and groups.</param>
/// <param name="Parts">The entries whose rows make it up, in their order: one, or those of a fused weight.</param>
internal sealed record PackedModule(LinearSpec Linear, Quantization Quantization, ImmutableArray<PlanEntry> Parts)
{
    private const int WordBits = 32;
    private const int WordBytes = WordBits / 8;

    private int CodesInWord => WordBits / Quantization.Bits;

    private int Groups => Quantization.Groups(Linear.DIn);

    private string Name => Linear.Name;

    /// <summary>Whether the layout has a place for a weight in such codes: 4 or 8 bits, rows of whole groups, columns of whole words of zero points.</summary>
    public static bool Fits(int dIn, int dOut, Quantization quantization)
        => quantization.Bits is 4 or 8 && dIn % quantization.GroupSize == 0 && dOut % (WordBits / quantization.Bits) == 0;

    /// <summary>The module's tensors.</summary>
    public IEnumerable<ArtifactTensor> Tensors(PlannedWeights weights)
    {
        var packed = new TensorInfo(Name + ".weight_packed", TensorType.I32, [Linear.DOut, Linear.DIn / CodesInWord]);
        var scale = new TensorInfo(Name + ".weight_scale", Quantization.ScaleType, [Linear.DOut, Groups]);
        var zero = new TensorInfo(Name + ".weight_zero_point", TensorType.I32, [Linear.DOut / CodesInWord, Groups]);
        var shape = new TensorInfo(Name + ".weight_shape", TensorType.I64, [2]);
        yield return new ArtifactTensor(packed, writer => Copy(writer, packed, weights, FactoredLinear.ValuesSuffix));
        yield return new ArtifactTensor(scale, writer => Copy(writer, scale, weights, FactoredLinear.ScaleSuffix));
        yield return new ArtifactTensor(zero, writer => writer.Write(zero.Name, PackZeros(Zeros(weights), Groups, Quantization.Bits)));
        yield return new ArtifactTensor(shape, writer => writer.Write(shape.Name, Shape()));
    }

    /// <summary>Packs zero points along the rows.</summary>
    /// <param name="zeros">Unsigned zero points <c>[rows, groups]</c>; the rows fill whole words.</param>
    /// <param name="groups">Groups of a row.</param>
    /// <param name="bits">Bits of a zero point.</param>
    /// <returns>int32 <c>[rows * bits / 32, groups]</c>: row i of a word's rows stands from bit i * bits on.</returns>
    internal static byte[] PackZeros(ReadOnlySpan<byte> zeros, int groups, int bits)
    {
        int inWord = WordBits / bits;
        byte[] words = new byte[zeros.Length / inWord * WordBytes];
        Debug.Assert(zeros.Length % (groups * inWord) == 0, "Its rows fill whole words.");
        for (int word = 0; word < zeros.Length / inWord; word++)
        {
            uint value = 0;
            for (int i = 0; i < inWord; i++)
            {
                int row = (word / groups * inWord) + i;
                value |= (uint)zeros[(row * groups) + (word % groups)] << (bits * i);
            }

            BinaryPrimitives.WriteUInt32LittleEndian(words.AsSpan(word * WordBytes), value);
        }

        return words;
    }

    private void Copy(SafetensorsWriter writer, TensorInfo target, PlannedWeights weights, string suffix)
    {
        foreach (PlanEntry part in Parts)
        {
            using SafetensorsFile file = weights.OpenFactors(part);
            ArtifactTensor.CopyBytes(writer, file.Get(part.Linear + suffix), target.Name);
        }
    }

    private byte[] Zeros(PlannedWeights weights)
    {
        byte[] zeros = new byte[Linear.DOut * Groups];
        Span<byte> rest = zeros;
        foreach (PlanEntry part in Parts)
        {
            using SafetensorsFile file = weights.OpenFactors(part);
            int count = part.DOut * Groups;
            BitPacking.Unpack(file.Get(part.Linear + FactoredLinear.ZeroSuffix).Bytes, 0, Quantization.Bits, rest[..count]);
            rest = rest[count..];
        }

        return zeros;
    }

    private byte[] Shape()
    {
        byte[] shape = new byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(shape, Linear.DOut);
        BinaryPrimitives.WriteInt64LittleEndian(shape.AsSpan(sizeof(long)), Linear.DIn);
        return shape;
    }
}
