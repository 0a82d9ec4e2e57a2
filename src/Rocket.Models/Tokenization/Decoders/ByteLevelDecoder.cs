using System.Text;
using Rocket.Models.Tokenization.PreTokenizers;

namespace Rocket.Models.Tokenization.Decoders;

/// <summary>Reads tokens in the byte alphabet as UTF-8; bytes that are no UTF-8 become U+FFFD.</summary>
internal sealed class ByteLevelDecoder : Decoder
{
    private const int MostOnStack = 512;

    public override List<string> Decode(List<string> tokens)
    {
        // A few tokens, a text that is streamed, take no memory but the string's.
        var most = 0;
        foreach (var token in tokens)
        {
            most += Encoding.UTF8.GetMaxByteCount(token.Length);
        }

        Span<byte> bytes = most <= MostOnStack ? stackalloc byte[MostOnStack] : new byte[most];
        var length = 0;
        foreach (var token in tokens)
        {
            length += ByteAlphabet.Read(token, bytes[length..]);
        }

        return [Encoding.UTF8.GetString(bytes[..length])];
    }
}
