using System.Text.Json;

namespace Rocket.Models.Checkpoints;

/// <summary>Parses JSON so that reading a name or a string of the result can no longer fail.</summary>
internal static class StrictJson
{
    /// <summary>Parses UTF-8 text, with or without a byte order mark.</summary>
    /// <exception cref="JsonException">The text is not JSON, or a string in it is not Unicode.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8, bool allowDuplicates = false)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = allowDuplicates });
            ReadStrings(document.RootElement);
            return document;
        }
        catch (InvalidOperationException cause)
        {
            // System.Text.Json finds invalid UTF-8 and lone surrogates only when a string is read.
            document?.Dispose();
            throw new JsonException("A string is not valid Unicode.", cause);
        }
    }

    private static void ReadStrings(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadStrings(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    ReadStrings(property.Value);
                }

                break;
        }
    }
}
