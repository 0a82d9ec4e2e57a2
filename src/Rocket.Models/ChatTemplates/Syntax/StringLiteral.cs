using System.Globalization;
using System.Text;

namespace Rocket.Models.ChatTemplates.Syntax;

/// <summary>Resolves the escapes of a string as Python's <c>unicode-escape</c> codec does; unknown ones stand as they are.</summary>
internal static class StringLiteral
{
    public static string Unescape(ReadOnlySpan<char> literal, int line)
    {
        if (literal.IndexOf('\\') < 0)
        {
            return literal.ToString();
        }

        var text = new StringBuilder(literal.Length);
        for (int i = 0; i < literal.Length; i++)
        {
            if (literal[i] != '\\')
            {
                text.Append(literal[i]);
                continue;
            }

            i = AppendEscape(text, literal, i + 1, line);
        }

        return text.ToString();
    }

    // Returns the place of the escape's last character.
    private static int AppendEscape(StringBuilder text, ReadOnlySpan<char> literal, int i, int line)
    {
        char kind = literal[i];
        switch (kind)
        {
            case '\n': return i;
            case '\\' or '\'' or '"': text.Append(kind); return i;
            case 'n': text.Append('\n'); return i;
            case 't': text.Append('\t'); return i;
            case 'r': text.Append('\r'); return i;
            case 'b': text.Append('\b'); return i;
            case 'f': text.Append('\f'); return i;
            case 'v': text.Append('\v'); return i;
            case 'a': text.Append('\a'); return i;
            case 'x': return AppendHexadecimal(text, literal, i + 1, 2, line);
            case 'u': return AppendHexadecimal(text, literal, i + 1, 4, line);
            case 'U': return AppendHexadecimal(text, literal, i + 1, 8, line);
            case 'N': throw new TemplateSyntaxFailure("escapes by a character's name (\\N{...}) are not supported", line);
            case >= '0' and <= '7': return AppendOctal(text, literal, i);
            default: text.Append('\\').Append(kind); return i;
        }
    }

    private static int AppendHexadecimal(StringBuilder text, ReadOnlySpan<char> literal, int start, int digits, int line)
    {
        if (start + digits > literal.Length || !uint.TryParse(literal.Slice(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint point) || point > 0x10FFFF)
        {
            throw new TemplateSyntaxFailure("truncated or illegal escape in a string", line);
        }

        text.Append(point is >= 0xD800 and <= 0xDFFF || point <= char.MaxValue ? ((char)point).ToString() : char.ConvertFromUtf32((int)point));
        return start + digits - 1;
    }

    private static int AppendOctal(StringBuilder text, ReadOnlySpan<char> literal, int start)
    {
        int value = 0;
        int i = start;
        for (; i < literal.Length && i < start + 3 && literal[i] is >= '0' and <= '7'; i++)
        {
            value = (value * 8) + (literal[i] - '0');
        }

        text.Append((char)value);
        return i - 1;
    }
}
