using Rocket.Models.Tokenization.AddedTokens;
using Rocket.Models.Tokenization.Decoders;
using Rocket.Models.Tokenization.Normalizers;
using Rocket.Models.Tokenization.PostProcessors;
using Rocket.Models.Tokenization.PreTokenizers;
using Rocket.Models.Tokenization.Subwords;

namespace Rocket.Models.Tokenization;

/// <summary>The pipeline of tokenizer.json: added tokens, normalizer, pre-tokenizer, subword model, post-processor; and the decoder back.</summary>
internal sealed class PipelineTokenizer : Tokenizer
{
    private readonly AddedVocabulary _added;
    private readonly Normalizer? _normalizer;
    private readonly SequencePreTokenizer? _preTokenizer;
    private readonly bool _writesBytes;
    private readonly SubwordModel _model;
    private readonly SpecialTokenTemplate _template;
    private readonly Decoder? _decoder;
    private readonly WordCache _cache = new();

    public PipelineTokenizer(
        AddedVocabulary added,
        Normalizer? normalizer,
        List<PreTokenizer> preTokenizers,
        SubwordModel model,
        SpecialTokenTemplate template,
        Decoder? decoder)
    {
        _added = added;
        _normalizer = normalizer;
        // Words are looked up in the cache as they stand in the text; only new ones are written in the byte alphabet.
        if (preTokenizers is [.. var earlier, ByteLevelPreTokenizer last])
        {
            preTokenizers = [.. earlier, last.WithoutWriting()];
            _writesBytes = true;
        }

        _preTokenizer = preTokenizers.Count == 0 ? null : new SequencePreTokenizer(preTokenizers);
        _model = model;
        _template = template;
        _decoder = decoder;
    }

    public override int VocabularySize => Math.Max(_model.Vocabulary.Count, _added.Count);

    public override bool AddsBeginOfSequence => _template.Before.Count > 0;

    public override int[] Encode(string text, bool addSpecialTokens)
    {
        text = WellFormed(text);
        var ids = new List<int>((text.Length / 3) + 8);
        if (addSpecialTokens)
        {
            ids.AddRange(_template.Before);
        }

        var segments = new List<AddedTokenMatcher.Segment>();
        _added.Raw.AppendSegments(text, segments);
        foreach (var segment in segments)
        {
            if (segment.Token is { } token)
            {
                ids.Add(token.Id);
            }
            else
            {
                EncodeRaw(segment.Start == 0 && segment.End == text.Length ? text : text[segment.Start..segment.End], segment.Start == 0, ids);
            }
        }

        if (addSpecialTokens)
        {
            ids.AddRange(_template.After);
        }

        return [.. ids];
    }

    public override string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens)
    {
        var tokens = new List<string>(ids.Length);
        foreach (var id in ids)
        {
            var token = _added.TokenOf(id) ?? _model.Vocabulary.TokenOf(id);
            if (token is not null && !(skipSpecialTokens && _added.IsSpecial(token)))
            {
                tokens.Add(token);
            }
        }

        return _decoder is null ? string.Join(' ', tokens) : string.Concat(_decoder.Decode(tokens));
    }

    private void EncodeRaw(string text, bool startsText, List<int> ids)
    {
        text = _normalizer?.Normalize(text) ?? text;
        var segments = new List<AddedTokenMatcher.Segment>();
        _added.Normalized.AppendSegments(text, segments);
        var words = new List<TextSpan>();
        foreach (var segment in segments)
        {
            if (segment.Token is { } token)
            {
                ids.Add(token.Id);
                continue;
            }

            var span = TextSpan.Whole(text, startsText).Part(segment.Start, segment.End);
            words.Clear();
            if (_preTokenizer is null)
            {
                words.Add(span);
            }
            else
            {
                _preTokenizer.Split(span, words);
            }

            foreach (var word in words)
            {
                EncodeWord(word.Chars, ids);
            }
        }
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> ids)
    {
        if (_cache.TryAppend(word, ids))
        {
            return;
        }

        var start = ids.Count;
        _model.Encode(_writesBytes ? ByteAlphabet.Write(word) : word, ids);
        _cache.Keep(word, [.. ids[start..]]);
    }
}
