using System.Text;

namespace Rocket.Models.Tokenization.PreTokenizers;

/// <summary>GPT-2's writing of the 256 bytes as 256 printable characters.</summary>
/// <remarks>Printable Latin-1 bytes stand for themselves, the others for U+0100 and up in order (Radford et al. 2019, <c>bytes_to_unicode</c>).</remarks>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = CreateCharacters();
    private static readonly short[] Bytes = CreateBytes();

    /// <summary>The UTF-8 bytes of a text, each as its character.</summary>
    public static string Write(ReadOnlySpan<char> text)
    {
        Span<byte> small = stackalloc byte[256];
        var length = Encoding.UTF8.GetByteCount(text);
        var bytes = length <= small.Length ? small[..length] : new byte[length];
        Encoding.UTF8.GetBytes(text, bytes);
        return string.Create(length, bytes, static (output, source) =>
        {
            for (var i = 0; i < output.Length; i++)
            {
                output[i] = Characters[source[i]];
            }
        });
    }

    /// <summary>Writes the bytes that a token's characters stand for, or its UTF-8 bytes if one of them stands for none.</summary>
    /// <param name="token">The token.</param>
    /// <param name="bytes">Room for the longest UTF-8 that so many characters have.</param>
    /// <returns>Bytes written.</returns>
    public static int Read(string token, Span<byte> bytes)
    {
        for (var i = 0; i < token.Length; i++)
        {
            var c = token[i];
            if (c >= Bytes.Length || Bytes[c] < 0)
            {
                return Encoding.UTF8.GetBytes(token, bytes);
            }

            bytes[i] = (byte)Bytes[c];
        }

        return token.Length;
    }

    private static char[] CreateCharacters()
    {
        var characters = new char[256];
        var next = '\u0100';
        for (var b = 0; b < characters.Length; b++)
        {
            characters[b] = b is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)b : next++;
        }

        return characters;
    }

    private static short[] CreateBytes()
    {
        var bytes = new short[Characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var b = 0; b < Characters.Length; b++)
        {
            bytes[Characters[b]] = (short)b;
        }

        return bytes;
    }
}
