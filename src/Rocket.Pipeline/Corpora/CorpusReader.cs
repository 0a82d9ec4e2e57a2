using System.Text;
using System.Text.Json;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Corpora;

/// <summary>Reads documents from <c>.txt</c> and <c>.jsonl</c> files, one document in memory at a time.</summary>
public static class CorpusReader
{
    private const string Separator = "<|endoftext|>";

    /// <summary>The documents of several files, in the files' order.</summary>
    /// <exception cref="RocketException">While they are read; see <see cref="Read"/>.</exception>
    public static IEnumerable<Document> ReadAll(IEnumerable<CorpusFile> files) => files.SelectMany(file => Read(file.Path));

    /// <summary>The documents of a file; empty ones are left out.</summary>
    /// <remarks>
    /// <c>.jsonl</c>: a document a line, its <c>text</c> or its <c>ids</c>; blank lines are skipped.
    /// <c>.txt</c>: a line with only <c>&lt;|endoftext|&gt;</c> separates documents, which lose the white space around them;
    /// a file without such a line is one document, to the byte.
    /// </remarks>
    /// <exception cref="RocketException">
    /// An unknown extension (RKT3107), and while it is read: an unreadable file (RKT3108), not UTF-8 (RKT3111), not JSON (RKT3103),
    /// no document (RKT3104), a bad id (RKT3105), too long (RKT3112).
    /// </exception>
    public static IEnumerable<Document> Read(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".jsonl" => ReadJsonLines(path),
        ".txt" => ReadText(path),
        _ => throw CorpusErrors.UnknownExtension(path),
    };

    private static IEnumerable<Document> ReadText(string path)
    {
        StringBuilder text = new();
        bool isSeparated = false;
        int line = 0;
        int firstLine = 1;
        foreach (string content in Utf8Lines.Read(path))
        {
            line++;
            if (content.StartsWith(Separator, StringComparison.Ordinal) && string.IsNullOrWhiteSpace(content[Separator.Length..]))
            {
                isSeparated = true;
                if (Finish(text.ToString().Trim(), path, firstLine) is { } document)
                {
                    yield return document;
                }

                text.Clear();
                firstLine = line + 1;
                continue;
            }

            if (text.Length + content.Length > Utf8Lines.Longest)
            {
                throw CorpusErrors.TooLong(new SourceLocation(path, firstLine, 1), "A document", Utf8Lines.Longest);
            }

            text.Append(content);
        }

        string last = text.ToString();
        if (Finish(isSeparated || string.IsNullOrWhiteSpace(last) ? last.Trim() : last, path, firstLine) is { } end)
        {
            yield return end;
        }
    }

    private static Document? Finish(string text, string path, int firstLine) =>
        text.Length == 0 ? null : new Document(text, null, new SourceLocation(path, firstLine, 1));

    private static IEnumerable<Document> ReadJsonLines(string path)
    {
        int line = 0;
        foreach (string content in Utf8Lines.Read(path))
        {
            line++;
            if (!string.IsNullOrWhiteSpace(content) && ParseDocument(content, new SourceLocation(path, line, 1)) is { } document)
            {
                yield return document;
            }
        }
    }

    private static Document? ParseDocument(string line, SourceLocation location)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw CorpusErrors.NoDocument(location, $"it is not an object but {Describe(root)}");
            }

            bool hasText = root.TryGetProperty("text", out JsonElement text);
            bool hasIds = root.TryGetProperty("ids", out JsonElement ids);
            if (hasText == hasIds)
            {
                throw CorpusErrors.NoDocument(location, hasText ? "it has both \"text\" and \"ids\"" : "it has neither \"text\" nor \"ids\"");
            }

            return hasText ? ParseText(text, location) : ParseIds(ids, location);
        }
        catch (JsonException exception)
        {
            int bytes = (int)(exception.BytePositionInLine ?? 0);
            byte[] utf8 = Encoding.UTF8.GetBytes(line);
            int column = Encoding.UTF8.GetCharCount(utf8, 0, Math.Min(bytes, utf8.Length)) + 1;
            throw CorpusErrors.BadJson(location with { Column = column }, exception.Message.Split(" LineNumber:")[0], exception);
        }
    }

    private static Document? ParseText(JsonElement text, SourceLocation location)
    {
        if (text.ValueKind != JsonValueKind.String)
        {
            throw CorpusErrors.NoDocument(location, $"\"text\" is not a string but {Describe(text)}");
        }

        try
        {
            string value = text.GetString()!;
            return value.Length == 0 ? null : new Document(value, null, location);
        }
        catch (InvalidOperationException exception)
        {
            // An escaped surrogate without its other half: no text, in any encoding.
            throw CorpusErrors.BadJson(location, exception.Message, exception);
        }
    }

    private static Document? ParseIds(JsonElement ids, SourceLocation location)
    {
        if (ids.ValueKind != JsonValueKind.Array)
        {
            throw CorpusErrors.NoDocument(location, $"\"ids\" is not a list but {Describe(ids)}");
        }

        int[] values = new int[ids.GetArrayLength()];
        int count = 0;
        foreach (JsonElement id in ids.EnumerateArray())
        {
            if (id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out int value) || value < 0)
            {
                throw CorpusErrors.BadId(location, id.GetRawText());
            }

            values[count++] = value;
        }

        return count == 0 ? null : new Document(null, values, location);
    }

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => element.GetRawText(),
    };
}
