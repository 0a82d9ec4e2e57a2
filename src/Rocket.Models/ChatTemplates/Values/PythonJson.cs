using System.Globalization;
using System.Text;

namespace Rocket.Models.ChatTemplates.Values;

/// <summary>Python's <c>json.dumps</c> with <c>ensure_ascii=False</c> as the default, which is transformers' <c>tojson</c>.</summary>
internal sealed class PythonJson(bool isAscii, string? indent, string itemSeparator, string keySeparator, bool sortsKeys)
{
    private const int MaximumNesting = 100;

    private readonly StringBuilder _text = new();

    /// <summary>The value as JSON.</summary>
    /// <exception cref="TemplateFailure">It holds something that JSON cannot.</exception>
    public string Write(object? value)
    {
        Append(value, 0);
        return _text.ToString();
    }

    private void Append(object? value, int depth)
    {
        if (depth > MaximumNesting)
        {
            throw new TemplateLimit("values nested deeper than 100");
        }

        switch (value)
        {
            case null: _text.Append("null"); break;
            case bool flag: _text.Append(flag ? "true" : "false"); break;
            case long number: _text.Append(number); break;
            case double number: _text.Append(Number(number)); break;
            case string plain: AppendString(plain); break;
            case SequenceValue { Kind: not SequenceKind.Generator } sequence: AppendItems('[', ']', sequence.Items.Count, depth, i => Append(sequence.Items[i], depth + 1)); break;
            case MappingValue mapping: AppendMapping(mapping, depth); break;
            default: throw new TemplateFailure($"Object of type {PythonText.TypeName(value)} is not JSON serializable");
        }
    }

    private void AppendMapping(MappingValue mapping, int depth)
    {
        KeyValuePair<object, object?>[] entries = [.. mapping.Entries];
        if (sortsKeys)
        {
            entries = [.. entries.Order(Comparer<KeyValuePair<object, object?>>.Create((left, right) => Operators.Compare(left.Key, right.Key)))];
        }

        AppendItems('{', '}', entries.Length, depth, i =>
        {
            AppendString(KeyText(entries[i].Key));
            _text.Append(keySeparator);
            Append(entries[i].Value, depth + 1);
        });
    }

    private void AppendItems(char open, char close, int count, int depth, Action<int> append)
    {
        _text.Append(open);
        for (int i = 0; i < count; i++)
        {
            _text.Append(i > 0 ? itemSeparator : "");
            NewLine(depth + 1);
            append(i);
        }

        if (count > 0)
        {
            NewLine(depth);
        }

        _text.Append(close);
    }

    private void NewLine(int depth)
    {
        if (indent is null)
        {
            return;
        }

        _text.Append('\n');
        for (int i = 0; i < depth; i++)
        {
            _text.Append(indent);
        }
    }

    private void AppendString(string plain)
    {
        _text.Append('"');
        foreach (char character in plain)
        {
            _ = character switch
            {
                '"' => _text.Append("\\\""),
                '\\' => _text.Append("\\\\"),
                '\n' => _text.Append("\\n"),
                '\r' => _text.Append("\\r"),
                '\t' => _text.Append("\\t"),
                '\b' => _text.Append("\\b"),
                '\f' => _text.Append("\\f"),
                < ' ' => AppendEscape(character),
                > '~' when isAscii => AppendEscape(character),
                _ => _text.Append(character),
            };
        }

        _text.Append('"');
    }

    private StringBuilder AppendEscape(char character) => _text.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));

    private static string Number(double number) => double.IsFinite(number) ? PythonText.Float(number) : double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";

    private static string KeyText(object key) => key switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        double number => Number(number),
        _ => PythonText.Str(key),
    };
}
