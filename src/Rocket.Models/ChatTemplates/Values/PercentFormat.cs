using System.Globalization;
using System.Text;

namespace Rocket.Models.ChatTemplates.Values;

/// <summary>Python's <c>"%s" % value</c>, with the conversions s, r, d, i, f and %%.</summary>
internal static class PercentFormat
{
    private const int DefaultPrecision = 6;
    private const int MaximumPrecision = 99;

    public static string Apply(string format, object? argument)
    {
        IReadOnlyList<object?> arguments = argument is SequenceValue { Kind: SequenceKind.Tuple } tuple ? tuple.Items : [argument];
        var text = new StringBuilder();
        int next = 0;
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            int precision = ReadPrecision(format, ref i);
            char conversion = i < format.Length ? format[i] : throw new TemplateFailure("incomplete format");
            if (conversion == '%')
            {
                text.Append('%');
                continue;
            }

            object? value = next < arguments.Count ? arguments[next++] : throw new TemplateFailure("not enough arguments for format string");
            text.Append(Convert(conversion, value, precision));
        }

        return next == arguments.Count || argument is MappingValue
            ? text.ToString()
            : throw new TemplateFailure("not all arguments converted during string formatting");
    }

    private static int ReadPrecision(string format, ref int i)
    {
        i++;
        if (i >= format.Length || format[i] != '.')
        {
            return DefaultPrecision;
        }

        int precision = 0;
        for (i++; i < format.Length && char.IsAsciiDigit(format[i]) && precision <= MaximumPrecision; i++)
        {
            precision = (precision * 10) + (format[i] - '0');
        }

        return precision <= MaximumPrecision ? precision : throw new TemplateFailure("precision too large");
    }

    private static string Convert(char conversion, object? value, int precision) => conversion switch
    {
        's' => PythonText.Str(value),
        'r' => PythonText.Repr(value),
        'd' or 'i' when Arithmetic.TryNumber(value, out double number) => value is long whole ? PythonText.Str(whole) : PythonText.Str((long)number),
        'f' when Arithmetic.TryNumber(value, out double number) => number.ToString("F" + precision, CultureInfo.InvariantCulture),
        'd' or 'i' or 'f' => throw new TemplateFailure($"%{conversion} format: a number is required, not {PythonText.TypeName(value)}"),
        _ => throw new TemplateFailure($"unsupported format character '{conversion}'"),
    };
}
