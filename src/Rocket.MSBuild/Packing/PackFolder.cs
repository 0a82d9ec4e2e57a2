using System.Text;

namespace Rocket.MSBuild.Packing;

/// <summary>The folder in which the files of packages are made; whatever is there already stays as it is.</summary>
internal static class PackFolder
{
    private const int BufferLength = 1 << 20;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a text where it is not there yet.</summary>
    public static string Write(string path, string text)
    {
        if (!File.Exists(path) || File.ReadAllText(path) != text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text, Utf8);
        }

        return path;
    }

    /// <summary>Writes a part of a file; its time is the file's, so that packages are equal whenever they are made.</summary>
    public static string WritePart(PackedPiece piece, string path)
    {
        DateTime time = File.GetLastWriteTimeUtc(piece.Source);
        if (new FileInfo(path) is { Exists: true } there && there.Length == piece.Length && there.LastWriteTimeUtc == time)
        {
            return path;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (FileStream source = File.OpenRead(piece.Source))
        using (FileStream part = File.Create(path))
        {
            source.Position = piece.Offset;
            byte[] buffer = new byte[BufferLength];
            for (long left = piece.Length; left > 0;)
            {
                int read = source.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
                if (read == 0)
                {
                    throw new EndOfStreamException($"\"{piece.Source}\" became shorter while it was packed.");
                }

                part.Write(buffer, 0, read);
                left -= read;
            }
        }

        File.SetLastWriteTimeUtc(path, time);
        return path;
    }
}
