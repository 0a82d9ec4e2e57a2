namespace Rocket.MSBuild.Packing;

/// <summary>Which package carries which files.</summary>
/// <param name="Shards">The pieces of every shard package; empty where one package carries all files.</param>
internal sealed record PackPlan(IReadOnlyList<IReadOnlyList<PackedPiece>> Shards)
{
    /// <summary>The least limit: what a package needs beside its files has to find room too.</summary>
    public const long LeastLimit = 1 << 16;

    private const long Overhead = 1 << 14;

    /// <summary>Shares files out in their order, so that the same files give the same packages.</summary>
    /// <param name="files">The artifacts' files, their paths below the models' folder, and their bytes.</param>
    /// <param name="limit">Most bytes of a package, before it is compressed.</param>
    public static PackPlan Create(IEnumerable<(string Source, string RelativePath, long Length)> files, long limit)
    {
        long room = limit - Overhead;
        var ordered = files.OrderBy(file => file.RelativePath, StringComparer.Ordinal).ToList();
        if (ordered.Sum(file => file.Length) <= room)
        {
            return new PackPlan([]);
        }

        List<List<PackedPiece>> shards = [[]];
        long used = 0;
        foreach (PackedPiece piece in ordered.SelectMany(file => Cut(file.Source, file.RelativePath, file.Length, room)))
        {
            if (used + piece.Length > room && shards[^1].Count > 0)
            {
                shards.Add([]);
                used = 0;
            }

            shards[^1].Add(piece);
            used += piece.Length;
        }

        return new PackPlan(shards);
    }

    private static IEnumerable<PackedPiece> Cut(string source, string relativePath, long length, long room)
    {
        if (length <= room)
        {
            yield return new PackedPiece(source, relativePath, 0, length, 0);
            yield break;
        }

        for (long offset = 0; offset < length; offset += room)
        {
            yield return new PackedPiece(source, relativePath, offset, Math.Min(room, length - offset), (int)(offset / room) + 1);
        }
    }
}
