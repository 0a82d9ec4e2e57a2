using System.Text.Json;
using Rocket.Models.Tokenization.Json;

namespace Rocket.Models.Tokenization.Subwords;

/// <summary>The subword model's tokens and their ids.</summary>
internal sealed class Vocabulary
{
    /// <summary>Ids lie below this: a hostile file must not make us allocate by its largest id.</summary>
    public const int IdLimit = 1 << 24;

    private readonly Dictionary<string, int> _ids;
    private readonly string?[] _tokens;
    private readonly int[] _byteTokens = new int[256];

    /// <summary>Creates a vocabulary; of two tokens with one id the later is that id's text.</summary>
    public Vocabulary(Dictionary<string, int> ids)
    {
        _ids = ids;
        Lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = new string?[ids.Count == 0 ? 0 : ids.Values.Max() + 1];
        foreach (var (token, id) in ids)
        {
            _tokens[id] = token;
        }

        for (var b = 0; b < _byteTokens.Length; b++)
        {
            _byteTokens[b] = ids.GetValueOrDefault($"<0x{b:X2}>", -1);
        }
    }

    /// <summary>One more than the greatest id.</summary>
    public int Count => _tokens.Length;

    private Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup { get; }

    /// <summary>Reads an object of token to id.</summary>
    public static Vocabulary Read(JsonField field)
    {
        field.Expect(JsonValueKind.Object, "an object of token to id");
        var ids = new Dictionary<string, int>(field.Element.GetPropertyCount(), StringComparer.Ordinal);
        foreach (var member in field.Element.EnumerateObject())
        {
            string token;
            try
            {
                token = member.Name;
            }
            catch (InvalidOperationException)
            {
                throw field.Wrong("an object whose names are text without lone surrogates");
            }

            ids[token] = member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var id) && id is >= 0 and < IdLimit
                ? id
                : new JsonField(field.File, $"{field.Path}['{token}']", member.Value).Number(IdLimit);
        }

        return new Vocabulary(ids);
    }

    /// <summary>The token's id, or -1.</summary>
    public int IdOf(ReadOnlySpan<char> token) => Lookup.TryGetValue(token, out var id) ? id : -1;

    public string? TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    /// <summary>Appends the byte tokens (<c>&lt;0x0A&gt;</c>) of a text's UTF-8 bytes, unless one of them is not in the vocabulary.</summary>
    public bool TryAppendBytes(ReadOnlySpan<char> text, List<int> output)
    {
        var start = output.Count;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(text.ToString()))
        {
            if (_byteTokens[b] < 0)
            {
                output.RemoveRange(start, output.Count - start);
                return false;
            }

            output.Add(_byteTokens[b]);
        }

        return true;
    }
}
