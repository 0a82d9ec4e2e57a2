using Rocket.Models.Tokenization.Json;
using Rocket.Models.Tokenization.Normalizers;
using Rocket.Models.Tokenization.Subwords;

namespace Rocket.Models.Tokenization.AddedTokens;

/// <summary>All added tokens of a tokenizer, those found in raw text and those found in normalized text.</summary>
internal sealed class AddedVocabulary
{
    private readonly Dictionary<int, AddedToken> _byId = [];
    private readonly Dictionary<string, AddedToken> _byContent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _special;

    private AddedVocabulary(IReadOnlyList<AddedToken> tokens, Normalizer? normalizer)
    {
        foreach (var token in tokens)
        {
            _byId[token.Id] = token;
            _byContent[token.Content] = token;
        }

        _special = [.. tokens.Where(token => token.IsSpecial).Select(token => token.Content)];
        Raw = new AddedTokenMatcher(tokens.Where(token => !token.IsNormalized).Select(token => (token.Content, token)));
        Normalized = new AddedTokenMatcher(tokens.Where(token => token.IsNormalized).Select(token => (normalizer?.Normalize(token.Content) ?? token.Content, token)));
        Count = tokens.Count == 0 ? 0 : tokens.Max(token => token.Id) + 1;
    }

    public AddedTokenMatcher Raw { get; }

    public AddedTokenMatcher Normalized { get; }

    /// <summary>One more than the greatest id.</summary>
    public int Count { get; }

    /// <summary>Reads <c>added_tokens</c>; a token that the vocabulary has keeps the vocabulary's id.</summary>
    public static AddedVocabulary Read(JsonField field, Vocabulary vocabulary, Normalizer? normalizer)
    {
        var tokens = field.IsNull ? [] : field.Items().Select(item =>
        {
            var content = item["content"].Text();
            var id = item["id"].Number(Vocabulary.IdLimit);
            var special = item["special"].Flag(false);
            return new AddedToken(
                vocabulary.IdOf(content) is >= 0 and var known ? known : id,
                content,
                special,
                item["single_word"].Flag(false),
                item["lstrip"].Flag(false),
                item["rstrip"].Flag(false),
                item["normalized"].Flag(!special));
        }).ToArray();
        return new AddedVocabulary(tokens, normalizer);
    }

    public string? TokenOf(int id) => _byId.GetValueOrDefault(id)?.Content;

    /// <summary>The token's id, or -1.</summary>
    public int IdOf(string token) => _byContent.GetValueOrDefault(token)?.Id ?? -1;

    public bool IsSpecial(string token) => _special.Contains(token);
}
