namespace LittleStories;

/// <summary>Learns byte pair merges: the most frequent adjacent pair first, ties to the pair with the smallest ids.</summary>
internal static class BpeTrainer
{
    /// <summary>Trains a tokenizer with the given number of ids.</summary>
    public static BpeTokenizer Train(IEnumerable<string> stories, int size)
    {
        var counts = new Dictionary<string, int>();
        foreach (var word in stories.SelectMany(BpeTokenizer.Split))
        {
            counts[word] = counts.GetValueOrDefault(word) + 1;
        }

        var words = counts.OrderBy(word => word.Key, StringComparer.Ordinal)
            .Select(word => (Ids: ByteAlphabet.Ids(word.Key), Count: word.Value)).ToList();
        var merges = new List<(int Left, int Right)>();
        while (ByteAlphabet.FirstMergeId + merges.Count < size)
        {
            var best = MostFrequentPair(words);
            foreach (var (ids, _) in words)
            {
                Replace(ids, best, ByteAlphabet.FirstMergeId + merges.Count);
            }

            merges.Add(best);
        }

        return new BpeTokenizer(merges);
    }

    /// <summary>Writes one id for every occurrence of a pair, from left to right.</summary>
    public static void Replace(List<int> ids, (int Left, int Right) pair, int merged)
    {
        var kept = 0;
        for (var i = 0; i < ids.Count; i++)
        {
            var isPair = ids[i] == pair.Left && i + 1 < ids.Count && ids[i + 1] == pair.Right;
            ids[kept++] = isPair ? merged : ids[i];
            i += isPair ? 1 : 0;
        }

        ids.RemoveRange(kept, ids.Count - kept);
    }

    private static (int Left, int Right) MostFrequentPair(List<(List<int> Ids, int Count)> words)
    {
        var pairs = new Dictionary<(int Left, int Right), long>();
        foreach (var (ids, count) in words)
        {
            for (var i = 0; i + 1 < ids.Count; i++)
            {
                var pair = (ids[i], ids[i + 1]);
                pairs[pair] = pairs.GetValueOrDefault(pair) + count;
            }
        }

        return pairs.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First().Key;
    }
}
