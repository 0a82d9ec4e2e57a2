namespace Rocket.Models.ChatTemplates.Values;

/// <summary>The methods of a Python string that templates use.</summary>
internal static class StringMethods
{
    public static Callable? Find(string text, string name, RenderState state) => name switch
    {
        "strip" => arguments => StringParts.Strip(text, Characters(arguments), atStart: true, atEnd: true),
        "lstrip" => arguments => StringParts.Strip(text, Characters(arguments), atStart: true, atEnd: false),
        "rstrip" => arguments => StringParts.Strip(text, Characters(arguments), atStart: false, atEnd: true),
        "split" => arguments => StringParts.Split(text, Separator(arguments), arguments.Integer(1, "maxsplit") ?? -1),
        "rsplit" => arguments => StringParts.SplitFromEnd(text, Separator(arguments), arguments.Integer(1, "maxsplit") ?? -1),
        "splitlines" => arguments => StringParts.Lines(text, Operators.IsTrue(arguments.Get(0, "keepends"))),
        "partition" => arguments => StringParts.Partition(text, Text(arguments, 0, "sep"), fromEnd: false),
        "rpartition" => arguments => StringParts.Partition(text, Text(arguments, 0, "sep"), fromEnd: true),
        "startswith" => arguments => Any(arguments, prefix => text.StartsWith(prefix, StringComparison.Ordinal)),
        "endswith" => arguments => Any(arguments, suffix => text.EndsWith(suffix, StringComparison.Ordinal)),
        "removeprefix" => arguments => Text(arguments, 0, "prefix") is var prefix && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text,
        "removesuffix" => arguments => Text(arguments, 0, "suffix") is var suffix && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text,
        "replace" => arguments => StringParts.Replace(text, Text(arguments, 0, "old"), Text(arguments, 1, "new"), arguments.Integer(2, "count") ?? -1, state),
        "find" => arguments => Place(text, text.IndexOf(Text(arguments, 0, "sub"), StringComparison.Ordinal)),
        "rfind" => arguments => Place(text, text.LastIndexOf(Text(arguments, 0, "sub"), StringComparison.Ordinal)),
        "index" => arguments => text.IndexOf(Text(arguments, 0, "sub"), StringComparison.Ordinal) is >= 0 and var place ? Place(text, place) : throw new TemplateFailure("substring not found"),
        "count" => arguments => StringParts.Count(text, Text(arguments, 0, "sub")),
        "join" => arguments => StringParts.Join(text, Operators.Iterate(arguments.Required(0, "iterable")), state, isStrict: true),
        "upper" => _ => text.ToUpperInvariant(),
        "lower" or "casefold" => _ => text.ToLowerInvariant(),
        "title" => _ => StringParts.Title(text),
        "capitalize" => _ => StringParts.Capitalize(text),
        "isdigit" or "isnumeric" or "isdecimal" => _ => text.Length > 0 && text.All(char.IsDigit),
        "isalpha" => _ => text.Length > 0 && text.All(char.IsLetter),
        "isalnum" => _ => text.Length > 0 && text.All(char.IsLetterOrDigit),
        "isspace" => _ => text.Length > 0 && text.All(PythonText.IsSpace),
        "isupper" => _ => text.Any(char.IsUpper) && !text.Any(char.IsLower),
        "islower" => _ => text.Any(char.IsLower) && !text.Any(char.IsUpper),
        _ => null,
    };

    private static string Text(CallArguments arguments, int index, string name) => arguments.Required(index, name) as string
        ?? throw new TemplateFailure($"'{name}' must be str, not {PythonText.TypeName(arguments.Get(index, name))}");

    private static string? Characters(CallArguments arguments) => arguments.Get(0, "chars") is null ? null : Text(arguments, 0, "chars");

    private static string? Separator(CallArguments arguments) => arguments.Get(0, "sep") is null ? null : Text(arguments, 0, "sep");

    private static bool Any(CallArguments arguments, Func<string, bool> test)
        => arguments.Required(0, "prefix") is SequenceValue choices ? choices.Items.Any(choice => choice is string text && test(text)) : test(Text(arguments, 0, "prefix"));

    private static long Place(string text, int index) => index < 0 ? -1 : CodePoints.Length(text[..index]);
}
