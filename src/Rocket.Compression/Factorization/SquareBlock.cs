namespace Rocket.Compression.Factorization;

/// <summary>Neighbouring columns of a linear with the part of a matrix <c>[d_in, d_in]</c> that lies between them.</summary>
/// <param name="transposed">That part, transposed <c>[width, width]</c>: what earlier columns give to one stands side by side.</param>
/// <param name="first">First of the columns.</param>
/// <param name="width">How many.</param>
internal readonly ref struct SquareBlock(ReadOnlySpan<float> transposed, int first, int width)
{
    private readonly ReadOnlySpan<float> _transposed = transposed;

    /// <summary>First of the columns.</summary>
    public int First { get; } = first;

    /// <summary>How many there are.</summary>
    public int Width { get; } = width;

    /// <summary>An entry of the diagonal.</summary>
    public float Diagonal(int column) => _transposed[(column * Width) + column];

    /// <summary>The entries (k, column) of some k.</summary>
    public ReadOnlySpan<float> GivenTo(int column, int first, int count) => _transposed.Slice((column * Width) + first, count);
}
