using System.Security.Cryptography;
using System.Text;
using Rocket.Models.Checkpoints;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Sources;

/// <summary>The digest of a stored tensor.</summary>
internal static class TensorDigest
{
    private const int Piece = 1 << 24;

    /// <summary>SHA-256 of the type, the shape and the bytes.</summary>
    public static Digest Of(TensorView view)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{view.Info.Type}[{string.Join(',', view.Info.Shape)}]"));
        for (long offset = 0; offset < view.ByteLength; offset += Piece)
        {
            hash.AppendData(view.Slice(offset, (int)Math.Min(Piece, view.ByteLength - offset)));
        }

        return Digest.Parse(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
