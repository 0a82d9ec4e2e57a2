using System.Text;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Corpora;

/// <summary>Reads a file line by line, as strict UTF-8.</summary>
internal static class Utf8Lines
{
    /// <summary>Most bytes of a line or a document.</summary>
    public const int Longest = 1 << 29;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines with the line feed that ends each, if one does, so that together they are the file; a byte order mark is left out.</summary>
    public static IEnumerable<string> Read(string path)
    {
        using FileStream file = Open(path);
        byte[] buffer = new byte[1 << 16];
        int start = 0;
        int end = 0;
        int line = 1;
        while (true)
        {
            int feed = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            int scanned = end - start;
            while (feed < 0)
            {
                if (scanned > Longest)
                {
                    throw CorpusErrors.TooLong(new SourceLocation(path, line, 1), "A line", Longest);
                }

                MakeRoom(ref buffer, ref start, ref end);
                int read = ReadMore(file, buffer.AsSpan(end), path);
                if (read == 0)
                {
                    break;
                }

                end += read;
                feed = buffer.AsSpan(start + scanned, end - start - scanned).IndexOf((byte)'\n');
                feed = feed < 0 ? -1 : feed + scanned;
                scanned = end - start;
            }

            int length = feed < 0 ? end - start : feed + 1;
            if (length == 0)
            {
                yield break;
            }

            yield return Decode(buffer.AsSpan(start, length), path, line);
            start += length;
            line++;
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CorpusErrors.Unreadable(new SourceLocation(path), path, exception);
        }
    }

    private static int ReadMore(FileStream file, Span<byte> buffer, string path)
    {
        try
        {
            return file.Read(buffer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CorpusErrors.Unreadable(new SourceLocation(path), path, exception);
        }
    }

    /// <summary>Moves what is unread to the front, and doubles a buffer that is full of it.</summary>
    private static void MakeRoom(ref byte[] buffer, ref int start, ref int end)
    {
        if (end < buffer.Length)
        {
            return;
        }

        byte[] target = start == 0 ? new byte[buffer.Length * 2] : buffer;
        buffer.AsSpan(start, end - start).CopyTo(target);
        (buffer, end, start) = (target, end - start, 0);
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string path, int line)
    {
        if (line == 1 && bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            int valid = Encoding.UTF8.GetCharCount(bytes[..Math.Clamp(exception.Index, 0, bytes.Length)]);
            throw CorpusErrors.NotUtf8(new SourceLocation(path, line, valid + 1), exception);
        }
    }
}
