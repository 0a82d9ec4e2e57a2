using Rocket.Models.Tokenization.Json;

namespace Rocket.Models.Tokenization.Subwords;

/// <summary>Unigram language model (Kudo 2018): of all segmentations the one with the greatest sum of log-probabilities, found by Viterbi.</summary>
internal sealed class UnigramModel : SubwordModel
{
    // What an unknown character scores below the least likely token; sentencepiece's kUnkPenalty.
    private const double UnknownPenalty = 10;

    private readonly double[] _scores;
    private readonly int _unknownId;
    private readonly bool _byteFallback;
    private readonly double _unknownScore;
    private readonly int _longest;

    private UnigramModel(Vocabulary vocabulary, double[] scores, int longest, int unknownId, bool byteFallback)
        : base(vocabulary)
    {
        _scores = scores;
        _unknownId = unknownId;
        _byteFallback = byteFallback;
        _unknownScore = scores.Min() - UnknownPenalty;
        _longest = longest;
    }

    /// <summary>Reads a <c>model</c> of type Unigram.</summary>
    public static UnigramModel Read(JsonField field)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var scores = new List<double>();
        foreach (var item in field["vocab"].Items())
        {
            if (item.Items().ToArray() is not [var token, var score])
            {
                throw item.Wrong("a pair of token and score");
            }

            ids[token.Text()] = scores.Count;
            scores.Add(score.Real());
        }

        // Without an unknown token the reference fails on the first text that needs one; better when loading.
        var unknown = field["unk_id"].Number(scores.Count);
        return new UnigramModel(new Vocabulary(ids), [.. scores], ids.Keys.Max(token => token.Length), unknown, field["byte_fallback"].Flag(false));
    }

    public override void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        var best = new Node[piece.Length + 1];
        Array.Fill(best, new Node(0, -1, -1));
        for (var start = 0; start < piece.Length;)
        {
            var character = char.IsHighSurrogate(piece[start]) && start + 1 < piece.Length ? 2 : 1;
            Extend(piece, start, character, best);
            start += character;
        }

        var path = new Stack<(int Start, int End)>();
        for (int end = piece.Length, start; end > 0; end = start)
        {
            start = best[end].Start;
            // Neighbouring unknown characters are one unknown token.
            var fuses = best[end].Id == _unknownId && path.Count > 0 && best[path.Peek().End].Id == _unknownId && path.Peek().Start == end;
            path.Push((start, fuses ? path.Pop().End : end));
        }

        foreach (var (start, end) in path)
        {
            var token = piece[start..end];
            var id = Vocabulary.IdOf(token);
            if (id >= 0)
            {
                ids.Add(id);
            }
            else if (!_byteFallback || !Vocabulary.TryAppendBytes(token, ids))
            {
                ids.Add(_unknownId);
            }
        }
    }

    private void Extend(ReadOnlySpan<char> piece, int start, int character, Node[] best)
    {
        var scoreHere = best[start].Score;
        var hasCharacter = false;
        for (var length = 1; length <= Math.Min(_longest, piece.Length - start); length++)
        {
            var id = Vocabulary.IdOf(piece.Slice(start, length));
            if (id >= 0)
            {
                Offer(ref best[start + length], new Node(scoreHere + _scores[id], start, id));
                hasCharacter |= length == character;
            }
        }

        if (!hasCharacter)
        {
            Offer(ref best[start + character], new Node(scoreHere + _unknownScore, start, _unknownId));
        }
    }

    private static void Offer(ref Node node, Node candidate)
    {
        if (node.Start < 0 || candidate.Score > node.Score)
        {
            node = candidate;
        }
    }

    /// <summary>The best segmentation that ends somewhere: its score, and where its last token begins and which it is.</summary>
    private readonly record struct Node(double Score, int Start, int Id);
}
