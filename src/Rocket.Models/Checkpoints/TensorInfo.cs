using System.Collections.Immutable;

namespace Rocket.Models.Checkpoints;

/// <summary>Name, element type and shape of a tensor; a scalar has an empty shape.</summary>
/// <param name="Name">The name within its checkpoint.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Sizes, outermost first; row-major.</param>
public sealed record TensorInfo(string Name, TensorType Type, ImmutableArray<long> Shape)
{
    /// <summary>Number of elements: the product of the sizes, 1 for a scalar.</summary>
    /// <exception cref="OverflowException">The product does not fit 64 bits.</exception>
    public long ElementCount
    {
        get
        {
            long count = 1;
            foreach (long size in Shape)
            {
                count = checked(count * size);
            }

            return count;
        }
    }

    /// <summary>Number of bytes.</summary>
    /// <exception cref="OverflowException">The number does not fit 64 bits.</exception>
    public long ByteLength => checked(ElementCount * Type.ByteSize());

    /// <summary>Equal names, types and sizes.</summary>
    public bool Equals(TensorInfo? other)
        => other is not null && Name == other.Name && Type == other.Type && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Type, Shape.Length);

    /// <summary>Such as <c>model.norm.weight F32 [64]</c>.</summary>
    public override string ToString() => $"{Name} {Type.SafetensorsName()} [{string.Join(", ", Shape)}]";
}
