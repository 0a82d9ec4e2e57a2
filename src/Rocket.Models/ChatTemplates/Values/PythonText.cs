using System.Globalization;
using System.Text;

namespace Rocket.Models.ChatTemplates.Values;

/// <summary>How Python writes values: <c>str</c>, <c>repr</c>, the names of types.</summary>
internal static class PythonText
{
    private const int MaximumNesting = 100;

    /// <summary><c>str(value)</c>.</summary>
    public static string Str(object? value) => value switch
    {
        string text => text,
        Undefined => "",
        _ => Repr(value),
    };

    /// <summary><c>repr(value)</c>.</summary>
    public static string Repr(object? value)
    {
        var text = new StringBuilder();
        AppendRepr(text, value, 0);
        return text.ToString();
    }

    /// <summary>The shortest text that reads back as the number, in Python's form.</summary>
    public static string Float(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        string[] parts = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        int point = parts[0].Contains('.', StringComparison.Ordinal) ? parts[0].IndexOf('.', StringComparison.Ordinal) : parts[0].Length;
        string all = parts[0].Replace(".", "", StringComparison.Ordinal);
        string digits = all.TrimStart('0');
        int exponent = (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) + point - 1 - (all.Length - digits.Length);
        digits = digits.TrimEnd('0');
        string sign = double.IsNegative(value) ? "-" : "";
        if (digits.Length == 0)
        {
            return sign + "0.0";
        }

        return sign + (exponent is < -4 or >= 16 ? Scientific(digits, exponent) : Fixed(digits, exponent));
    }

    /// <summary>The name of a value's type.</summary>
    public static string TypeName(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        long => "int",
        double => "float",
        string => "str",
        SequenceValue { Kind: SequenceKind.Tuple } => "tuple",
        SequenceValue { Kind: SequenceKind.Generator } => "generator",
        SequenceValue => "list",
        MappingValue => "dict",
        NamespaceValue => "Namespace",
        Callable => "function",
        Undefined => "Undefined",
        _ => "LoopContext",
    };

    /// <summary>Python's idea of white space, which includes the four separators U+001C to U+001F.</summary>
    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F';

    private static string Scientific(string digits, int exponent)
        => digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);

    private static string Fixed(string digits, int exponent)
    {
        if (exponent < 0)
        {
            return "0." + new string('0', -exponent - 1) + digits;
        }

        digits = digits.PadRight(exponent + 1, '0');
        return digits[..(exponent + 1)] + "." + (digits.Length > exponent + 1 ? digits[(exponent + 1)..] : "0");
    }

    private static void AppendRepr(StringBuilder text, object? value, int depth)
    {
        if (depth > MaximumNesting)
        {
            throw new TemplateLimit("values nested deeper than 100");
        }

        switch (value)
        {
            case null: text.Append("None"); break;
            case bool flag: text.Append(flag ? "True" : "False"); break;
            case long number: text.Append(number); break;
            case double number: text.Append(Float(number)); break;
            case string plain: AppendQuoted(text, plain); break;
            case SequenceValue sequence: AppendSequence(text, sequence, depth); break;
            case MappingValue mapping: AppendMapping(text, mapping, depth); break;
            case Undefined: text.Append("Undefined"); break;
            default: text.Append('<').Append(TypeName(value)).Append('>'); break;
        }
    }

    private static void AppendSequence(StringBuilder text, SequenceValue sequence, int depth)
    {
        bool isTuple = sequence.Kind == SequenceKind.Tuple;
        text.Append(isTuple ? '(' : '[');
        for (int i = 0; i < sequence.Items.Count; i++)
        {
            text.Append(i > 0 ? ", " : "");
            AppendRepr(text, sequence.Items[i], depth + 1);
        }

        text.Append(isTuple && sequence.Items.Count == 1 ? "," : "").Append(isTuple ? ')' : ']');
    }

    private static void AppendMapping(StringBuilder text, MappingValue mapping, int depth)
    {
        text.Append('{');
        bool isFirst = true;
        foreach ((object key, object? value) in mapping.Entries)
        {
            text.Append(isFirst ? "" : ", ");
            AppendRepr(text, key, depth + 1);
            text.Append(": ");
            AppendRepr(text, value, depth + 1);
            isFirst = false;
        }

        text.Append('}');
    }

    private static void AppendQuoted(StringBuilder text, string plain)
    {
        char quote = plain.Contains('\'') && !plain.Contains('"') ? '"' : '\'';
        text.Append(quote);
        foreach (Rune rune in plain.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\\' => text.Append("\\\\"),
                var point when point == quote => text.Append('\\').Append(quote),
                var point when IsPrintable(rune) => text.Append(rune.ToString()),
                var point when point <= 0xFF => text.Append("\\x").Append(point.ToString("x2", CultureInfo.InvariantCulture)),
                var point when point <= 0xFFFF => text.Append("\\u").Append(point.ToString("x4", CultureInfo.InvariantCulture)),
                var point => text.Append("\\U").Append(point.ToString("x8", CultureInfo.InvariantCulture)),
            };
        }

        text.Append(quote);
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
