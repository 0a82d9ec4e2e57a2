using System.Text.Json;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Tokenization.Json;

/// <summary>A JSON value that knows its file and its path in it, so that what is wrong with it can be said.</summary>
internal readonly record struct JsonField(string File, string Path, JsonElement Element)
{
    public bool IsNull => Element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>The member of that name; a null value where it is absent.</summary>
    public JsonField this[string name]
    {
        get
        {
            Expect(JsonValueKind.Object, "an object");
            return new JsonField(File, $"{Path}.{name}".TrimStart('.'), Element.TryGetProperty(name, out var value) ? value : default);
        }
    }

    public IEnumerable<JsonField> Items()
    {
        Expect(JsonValueKind.Array, "an array");
        var (file, path) = (File, Path);
        return Element.EnumerateArray().Select((item, i) => new JsonField(file, $"{path}[{i}]", item));
    }

    public string Text()
    {
        Expect(JsonValueKind.String, "a string");
        return ReadText(Element);
    }

    public string? TextOrNull() => IsNull ? null : Text();

    public string TextOr(string fallback) => IsNull ? fallback : Text();

    public bool Flag(bool fallback) => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => fallback,
        _ => throw Wrong("true or false"),
    };

    /// <summary>A whole number from 0 below <paramref name="limit"/>.</summary>
    public int Number(int limit) =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var value) && value >= 0 && value < limit
            ? value
            : throw Wrong($"a whole number from 0 below {limit}");

    public double Real() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out var value) && double.IsFinite(value) ? value : throw Wrong("a number");

    /// <summary>The value as written, shortened, for a message that says what stands there instead of <paramref name="expected"/>.</summary>
    public RocketException Wrong(string expected)
    {
        var found = IsNull ? "missing or null" : Element.GetRawText();
        return TokenizerErrors.InvalidField(File, Path.Length == 0 ? "(the whole file)" : Path, found.Length > 60 ? found[..60] + "..." : found, expected);
    }

    public void Expect(JsonValueKind kind, string name)
    {
        if (Element.ValueKind != kind)
        {
            throw Wrong(name);
        }
    }

    private string ReadText(JsonElement element)
    {
        try
        {
            return element.GetString()!; // Not null: the kind is String.
        }
        catch (InvalidOperationException)
        {
            // An escape such as "\ud800" alone is JSON by grammar and no text.
            throw Wrong("text without lone surrogates");
        }
    }
}
