using System.Runtime.InteropServices;
using System.Text;
using Rocket.Models.Tokenization.PreTokenizers;

namespace Rocket.Models.Tokenization.Decoders;

/// <summary>Reads tokens in the byte alphabet as UTF-8; bytes that are no UTF-8 become U+FFFD.</summary>
internal sealed class ByteLevelDecoder : Decoder
{
    public override List<string> Decode(List<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            ByteAlphabet.Read(token, bytes);
        }

        return [Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes))];
    }
}
