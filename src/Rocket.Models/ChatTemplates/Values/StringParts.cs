using System.Text;

namespace Rocket.Models.ChatTemplates.Values;

/// <summary>Cutting and joining strings as Python does.</summary>
internal static class StringParts
{
    public static string Strip(string text, string? characters, bool atStart, bool atEnd)
    {
        int start = 0;
        int end = text.Length;
        while (atStart && start < end && IsStripped(text[start]))
        {
            start++;
        }

        while (atEnd && end > start && IsStripped(text[end - 1]))
        {
            end--;
        }

        return text[start..end];

        bool IsStripped(char character) => characters is null ? PythonText.IsSpace(character) : characters.Contains(character);
    }

    public static SequenceValue Split(string text, string? separator, long most)
    {
        List<object?> parts = [];
        if (separator is null)
        {
            SplitAtSpace(text, most, parts);
            return new SequenceValue(parts);
        }

        int start = 0;
        for (int at = Next(0); at >= 0 && (most < 0 || parts.Count < most); at = Next(start))
        {
            parts.Add(text[start..at]);
            start = at + separator.Length;
        }

        parts.Add(text[start..]);
        return new SequenceValue(parts);

        int Next(int from) => separator.Length > 0 ? text.IndexOf(separator, from, StringComparison.Ordinal) : throw new TemplateFailure("empty separator");
    }

    public static SequenceValue SplitFromEnd(string text, string? separator, long most)
    {
        if (separator is null || most < 0)
        {
            return Split(text, separator, most < 0 ? -1 : throw new TemplateFailure("rsplit at white space with a maximum is not supported"));
        }

        List<object?> parts = [];
        int end = text.Length;
        while (parts.Count < most && end > 0 && text.LastIndexOf(separator, end - 1, StringComparison.Ordinal) is >= 0 and var at)
        {
            parts.Insert(0, text[(at + separator.Length)..end]);
            end = at;
        }

        parts.Insert(0, text[..end]);
        return new SequenceValue(parts);
    }

    public static SequenceValue Partition(string text, string separator, bool fromEnd)
    {
        int at = fromEnd ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0
            ? fromEnd ? SequenceValue.Tuple("", "", text) : SequenceValue.Tuple(text, "", "")
            : SequenceValue.Tuple(text[..at], separator, text[(at + separator.Length)..]);
    }

    public static SequenceValue Lines(string text, bool keepsEnds)
    {
        List<object?> lines = [];
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('\n' or '\r' or '\v' or '\f' or '\u001C' or '\u001D' or '\u001E' or '\u0085' or '\u2028' or '\u2029'))
            {
                continue;
            }

            int end = i;
            i += text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 1 : 0;
            lines.Add(text[start..(keepsEnds ? i + 1 : end)]);
            start = i + 1;
        }

        if (start < text.Length)
        {
            lines.Add(text[start..]);
        }

        return new SequenceValue(lines);
    }

    public static string Replace(string text, string old, string replacement, long most, RenderState state)
    {
        long count = old.Length == 0 ? CodePoints.Length(text) + 1 : (long)Count(text, old);
        state.Allocate(1, text.Length + (count * replacement.Length));
        if (most < 0 && old.Length > 0)
        {
            return text.Replace(old, replacement, StringComparison.Ordinal);
        }

        var result = new StringBuilder();
        int start = 0;
        for (long done = 0; (most < 0 || done < most) && start <= text.Length; done++)
        {
            int at = text.IndexOf(old, start, StringComparison.Ordinal);
            if (at < 0)
            {
                break;
            }

            result.Append(text, start, at - start).Append(replacement);
            start = at + old.Length;
            if (old.Length == 0)
            {
                if (start == text.Length)
                {
                    return result.ToString();
                }

                result.Append(text[start++]);
            }
        }

        return result.Append(text, start, text.Length - start).ToString();
    }

    public static object Count(string text, string part)
    {
        if (part.Length == 0)
        {
            return CodePoints.Length(text) + 1L;
        }

        long count = 0;
        for (int at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    /// <summary>Joins items; strictly, only strings may be among them.</summary>
    public static string Join(string separator, IReadOnlyList<object?> items, RenderState state, bool isStrict)
    {
        var text = new StringBuilder();
        for (int i = 0; i < items.Count; i++)
        {
            if (isStrict && items[i] is not string)
            {
                throw new TemplateFailure($"sequence item {i}: expected str instance, {PythonText.TypeName(items[i])} found");
            }

            string item = PythonText.Str(items[i]);
            state.Allocate(1, text.Length + item.Length + separator.Length, item.Length + separator.Length);
            text.Append(i > 0 ? separator : "").Append(item);
        }

        return text.ToString();
    }

    public static string Title(string text)
    {
        char[] characters = text.ToCharArray();
        for (int i = 0; i < characters.Length; i++)
        {
            bool isInside = i > 0 && char.IsLetter(text[i - 1]);
            characters[i] = isInside ? char.ToLowerInvariant(text[i]) : char.ToUpperInvariant(text[i]);
        }

        return new string(characters);
    }

    public static string Capitalize(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    private static void SplitAtSpace(string text, long most, List<object?> parts)
    {
        int start = 0;
        while (true)
        {
            while (start < text.Length && PythonText.IsSpace(text[start]))
            {
                start++;
            }

            if (start == text.Length)
            {
                return;
            }

            int end = start;
            while (end < text.Length && (parts.Count == most || !PythonText.IsSpace(text[end])))
            {
                end++;
            }

            parts.Add(parts.Count == most ? text[start..].TrimEnd() : text[start..end]);
            start = end;
        }
    }
}
