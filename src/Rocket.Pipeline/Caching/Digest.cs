using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Rocket.Pipeline.Caching;

/// <summary>A SHA-256 digest: the name of a blob in the store, or of an action.</summary>
public readonly record struct Digest
{
    /// <summary>Bytes of a digest.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    private Digest(ReadOnlySpan<byte> hash)
    {
        _a = BinaryPrimitives.ReadUInt64BigEndian(hash);
        _b = BinaryPrimitives.ReadUInt64BigEndian(hash[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(hash[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(hash[24..]);
    }

    /// <summary>The digest of bytes in memory.</summary>
    public static Digest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(content, hash);
        return new Digest(hash);
    }

    /// <summary>The digest of a file, read once from front to back in constant memory.</summary>
    /// <exception cref="IOException">The file cannot be read; also <see cref="UnauthorizedAccessException"/>.</exception>
    public static Digest OfFile(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 18];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            hash.AppendData(buffer, 0, read);
        }

        return OfState(hash);
    }

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out Digest digest) ? digest : throw new FormatException($"\"{text}\" is not a SHA-256 digest in hexadecimal.");

    /// <summary>Reads 64 hexadecimal digits; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        Span<byte> hash = stackalloc byte[Length];
        if (text is { Length: 2 * Length } && Convert.FromHexString(text, hash, out _, out _) == System.Buffers.OperationStatus.Done)
        {
            digest = new Digest(hash);
            return true;
        }

        digest = default;
        return false;
    }

    /// <summary>Writes the 32 bytes of the digest.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> hash = stackalloc byte[Length];
        CopyTo(hash);
        return Convert.ToHexStringLower(hash);
    }

    internal static Digest OfState(IncrementalHash hash)
    {
        Span<byte> bytes = stackalloc byte[Length];
        hash.GetCurrentHash(bytes);
        return new Digest(bytes);
    }
}
