using System.Text;
using System.Text.RegularExpressions;
using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Library;

/// <summary>The filters of text.</summary>
internal static partial class TextFilters
{
    private const int DefaultIndent = 4;

    public static Filter? Find(string name) => name switch
    {
        "trim" => (_, value, arguments) => StringParts.Strip(PythonText.Str(value), arguments.Get(0, "chars") as string, atStart: true, atEnd: true),
        "upper" => (_, value, _) => PythonText.Str(value).ToUpperInvariant(),
        "lower" => (_, value, _) => PythonText.Str(value).ToLowerInvariant(),
        "capitalize" => (_, value, _) => StringParts.Capitalize(PythonText.Str(value)),
        "title" => (_, value, _) => string.Concat(WordStarts().Split(PythonText.Str(value)).Select(StringParts.Capitalize)),
        "replace" => Replace,
        "indent" => Indent,
        "format" => (_, value, arguments) => PercentFormat.Apply(PythonText.Str(value), new SequenceValue(arguments.Positional, SequenceKind.Tuple)),
        "escape" or "e" => (state, value, _) => Escape(state, PythonText.Str(value)),
        "wordcount" => (_, value, _) => (long)Words().Count(PythonText.Str(value)),
        _ => null,
    };

    private static string Replace(RenderState state, object? value, CallArguments arguments) => StringParts.Replace(
        PythonText.Str(value), PythonText.Str(arguments.Required(0, "old")), PythonText.Str(arguments.Required(1, "new")), arguments.Integer(2, "count") ?? -1, state);

    private static string Indent(RenderState state, object? value, CallArguments arguments)
    {
        string indent = arguments.Get(0, "width", (long)DefaultIndent) switch
        {
            string given => given,
            long width => new string(' ', (int)Math.Clamp(width, 0, 1000)),
            _ => throw new TemplateFailure("'width' must be a whole number or a string"),
        };
        bool isFirst = Operators.IsTrue(arguments.Get(1, "first", false));
        bool isBlank = Operators.IsTrue(arguments.Get(2, "blank", false));
        string source = PythonText.Str(value);
        string[] lines = [.. StringParts.Lines(source + "\n", keepsEnds: false).Items.Cast<string>()];
        state.Allocate(lines.Length, indent.Length);
        var text = new StringBuilder(isFirst ? indent : "");
        for (int i = 0; i < lines.Length; i++)
        {
            text.Append(i > 0 ? "\n" : "").Append(i > 0 && (isBlank || lines[i].Length > 0) ? indent : "").Append(lines[i]);
        }

        return text.ToString();
    }

    private static string Escape(RenderState state, string text)
    {
        state.Allocate(5, text.Length);
        return text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("'", "&#39;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"([-\s({\[<]+)")]
    private static partial Regex WordStarts();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
