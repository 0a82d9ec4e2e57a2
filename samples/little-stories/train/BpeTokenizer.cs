using System.Text.RegularExpressions;

namespace LittleStories;

/// <summary>A byte-level BPE tokenizer with the pre-tokenizer of GPT-2; token 0 is the end-of-text token, then the bytes, then the merges.</summary>
internal sealed partial class BpeTokenizer
{
    /// <summary>The special token.</summary>
    public const string EndOfText = "<|endoftext|>";

    private readonly Dictionary<(int Left, int Right), int> _merged = [];
    private readonly Dictionary<string, int[]> _cache = [];

    /// <summary>A tokenizer over merges in the order of their rank.</summary>
    public BpeTokenizer(IReadOnlyList<(int Left, int Right)> merges)
    {
        Merges = merges;
        for (var rank = 0; rank < merges.Count; rank++)
        {
            _merged[merges[rank]] = ByteAlphabet.FirstMergeId + rank;
        }
    }

    /// <summary>The pairs of ids that are merged, best rank first.</summary>
    public IReadOnlyList<(int Left, int Right)> Merges { get; }

    /// <summary>Number of ids.</summary>
    public int Size => ByteAlphabet.FirstMergeId + Merges.Count;

    /// <summary>The pieces that are never merged with each other.</summary>
    public static IEnumerable<string> Split(string text) => PreTokens().Matches(text).Select(match => match.Value);

    /// <summary>The ids of a text that holds no special tokens.</summary>
    public int[] Encode(string text)
    {
        var ids = new List<int>(text.Length / 3);
        foreach (var word in Split(text))
        {
            if (!_cache.TryGetValue(word, out var piece))
            {
                piece = _cache[word] = Merge(word);
            }

            ids.AddRange(piece);
        }

        return [.. ids];
    }

    private int[] Merge(string piece)
    {
        var ids = ByteAlphabet.Ids(piece);
        while (true)
        {
            var best = int.MaxValue;
            for (var i = 0; i + 1 < ids.Count; i++)
            {
                best = Math.Min(best, _merged.GetValueOrDefault((ids[i], ids[i + 1]), int.MaxValue));
            }

            if (best == int.MaxValue)
            {
                return [.. ids];
            }

            BpeTrainer.Replace(ids, Merges[best - ByteAlphabet.FirstMergeId], best);
        }
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex PreTokens();
}
