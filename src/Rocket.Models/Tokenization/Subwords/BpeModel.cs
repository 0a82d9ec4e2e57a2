namespace Rocket.Models.Tokenization.Subwords;

/// <summary>Byte-pair encoding (Sennrich et al. 2016): of all neighbouring pairs the one whose merge ranks first is joined, the leftmost of equals, until none is left.</summary>
internal sealed class BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options) : SubwordModel(vocabulary)
{
    public override void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        if (options.IgnoreMerges && Vocabulary.IdOf(piece) is >= 0 and var whole)
        {
            ids.Add(whole);
            return;
        }

        var symbols = new List<int>(piece.Length);
        AppendSymbols(piece, symbols);
        merges.Apply(symbols, ids);
    }

    private void AppendSymbols(ReadOnlySpan<char> piece, List<int> symbols)
    {
        // A run of unknown characters waits until the next known one: fused it is one unknown token, else one each.
        var unknownWaits = false;
        for (var at = 0; at < piece.Length;)
        {
            var length = char.IsHighSurrogate(piece[at]) && at + 1 < piece.Length ? 2 : 1;
            var character = Decorate(piece.Slice(at, length), at == 0, at + length == piece.Length);
            at += length;
            var id = Vocabulary.IdOf(character);
            if (id < 0)
            {
                if ((options.ByteFallback && Vocabulary.TryAppendBytes(character, symbols)) || options.UnknownId < 0)
                {
                    continue;
                }

                if (unknownWaits && !options.FuseUnknown)
                {
                    symbols.Add(options.UnknownId);
                }

                unknownWaits = true;
                continue;
            }

            if (unknownWaits)
            {
                symbols.Add(options.UnknownId);
                unknownWaits = false;
            }

            symbols.Add(id);
        }

        if (unknownWaits)
        {
            symbols.Add(options.UnknownId);
        }
    }

    private ReadOnlySpan<char> Decorate(ReadOnlySpan<char> character, bool first, bool last)
    {
        var prefix = first ? "" : options.ContinuingPrefix;
        var suffix = last ? options.EndSuffix : "";
        return prefix.Length + suffix.Length == 0 ? character : $"{prefix}{character}{suffix}";
    }
}
