using System.Text.Json;
using Rocket.Models.Diagnostics;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Serving;

/// <summary>The fields of a JSON object of a request; one that is missing or null is null, one of another type an error.</summary>
internal sealed class RequestFields
{
    private readonly JsonElement _object;

    /// <summary>Takes an object.</summary>
    /// <exception cref="RocketException">RKT8110: it is none.</exception>
    public RequestFields(JsonElement element, string what)
        => _object = element.ValueKind == JsonValueKind.Object ? element : throw ServingErrors.BadRequest(what, "an object");

    /// <summary>The object as JSON.</summary>
    public string Text => _object.GetRawText();

    public string? String(string name) => Find(name) is { } value ? value.ValueKind == JsonValueKind.String ? value.GetString() : throw Bad(name, "a string") : null;

    public bool IsString(string name, string expected) => Find(name) is { ValueKind: JsonValueKind.String } value && value.GetString() == expected;

    public bool? Boolean(string name) => Find(name)?.ValueKind switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Bad(name, "true or false"),
    };

    public float? Number(string name) => Find(name) is { } value ? value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) ? number : throw Bad(name, "a number") : null;

    public int? Integer(string name) => Find(name) is { } value ? value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw Bad(name, "a whole number") : null;

    public long? Long(string name) => Find(name) is { } value ? value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number : throw Bad(name, "a whole number") : null;

    public RequestFields? Object(string name) => Find(name) is { } value ? new RequestFields(value, $"\"{name}\"") : null;

    public IEnumerable<JsonElement>? Array(string name)
        => Find(name) is { } value ? value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Bad(name, "a list") : null;

    /// <summary>A string, or a list of them.</summary>
    public IList<string>? Strings(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } only => [only.GetString()!],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Bad(name, "a string or a list of strings"))],
        _ => throw Bad(name, "a string or a list of strings"),
    };

    private JsonElement? Find(string name) => _object.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static RocketException Bad(string name, string expected) => ServingErrors.BadRequest($"\"{name}\"", expected);
}
