using System.Globalization;
using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Library;

/// <summary>The filters by their names.</summary>
internal static class Filters
{
    /// <summary>A filter, or null where the name is not known.</summary>
    public static Filter? Find(string name) => name switch
    {
        "tojson" => ToJson,
        "default" or "d" => Default,
        "length" or "count" => (_, value, _) => Operators.Length(value),
        "string" => (_, value, _) => PythonText.Str(value),
        "safe" => (_, value, _) => value,
        "int" => (_, value, arguments) => Integer(value, arguments),
        "float" => (_, value, arguments) => Real(value) ?? arguments.Get(0, "default", 0.0),
        "abs" => (_, value, _) => Operators.Compare(value, 0L) < 0 ? Arithmetic.Negate(value) : value,
        "round" => (_, value, arguments) => Round(value, arguments),
        "attr" => (_, value, arguments) => new Undefined($"'{PythonText.TypeName(value)} object' has no attribute {PythonText.Repr(arguments.Required(0, "name"))}"),
        _ => TextFilters.Find(name) ?? SequenceFilters.Find(name) ?? SelectionFilters.Find(name),
    };

    private static string ToJson(RenderState state, object? value, CallArguments arguments)
    {
        string? indent = arguments.Get(1, "indent") switch
        {
            null => null,
            string text => text,
            long width => new string(' ', (int)Math.Clamp(width, 0, 100)),
            bool flag => flag ? " " : "",
            _ => throw new TemplateFailure("'indent' must be a whole number or a string"),
        };
        (string item, string key) = arguments.Get(2, "separators") is SequenceValue { Items: [string first, string second] }
            ? (first, second)
            : (indent is null ? ", " : ",", ": ");
        var json = new PythonJson(Operators.IsTrue(arguments.Get(0, "ensure_ascii", false)), indent, item, key, Operators.IsTrue(arguments.Get(3, "sort_keys", false)));
        string result = json.Write(value);
        state.Allocate(1, result.Length);
        return result;
    }

    private static object? Default(RenderState state, object? value, CallArguments arguments)
        => value is Undefined || (Operators.IsTrue(arguments.Get(1, "boolean", false)) && !Operators.IsTrue(value)) ? arguments.Get(0, "default_value", "") : value;

    private static object? Integer(object? value, CallArguments arguments)
    {
        object? fallback = arguments.Get(0, "default", 0L);
        return value switch
        {
            long => value,
            bool flag => flag ? 1L : 0L,
            double number => double.IsFinite(number) && Math.Abs(number) < long.MaxValue ? (long)number : fallback,
            string text when long.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long whole) => whole,
            string when Real(value) is double number && double.IsFinite(number) && Math.Abs(number) < long.MaxValue => (long)number,
            _ => fallback,
        };
    }

    private static object? Real(object? value) => value switch
    {
        string text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null,
        _ => Arithmetic.TryNumber(value, out double number) ? number : null,
    };

    private static double Round(object? value, CallArguments arguments)
    {
        double number = Real(value) as double? ?? throw new TemplateFailure($"{PythonText.TypeName(value)} is no number to round");
        int digits = (int)Math.Clamp(arguments.Integer(0, "precision") ?? 0, 0, 15);
        double scale = Math.Pow(10, digits);
        return (arguments.Get(1, "method") as string ?? "common") switch
        {
            "common" => Math.Round(number, digits, MidpointRounding.ToEven),
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            _ => throw new TemplateFailure("method must be common, ceil or floor"),
        };
    }
}
