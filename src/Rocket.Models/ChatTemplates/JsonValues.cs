using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates;

/// <summary>JSON as the values that a template works with; a number with a point or an exponent is a float.</summary>
internal static class JsonValues
{
    public static object? Of(JsonNode? node) => node switch
    {
        null => null,
        JsonObject mapping => Mapping(mapping),
        JsonArray items => new SequenceValue([.. items.Select(Of)]),
        _ => Scalar(node.AsValue()),
    };

    public static SequenceValue Of(IEnumerable<JsonObject> items) => new([.. items.Select(Of)]);

    private static MappingValue Mapping(JsonObject source)
    {
        var mapping = new MappingValue();
        foreach ((string key, JsonNode? value) in source)
        {
            mapping.Set(key, Of(value));
        }

        return mapping;
    }

    private static object? Scalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.ToString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        _ => Number(value.ToJsonString()),
    };

    private static object Number(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            return whole;
        }

        return double.Parse(text, CultureInfo.InvariantCulture);
    }
}
