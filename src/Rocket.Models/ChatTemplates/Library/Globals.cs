using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Library;

/// <summary>The functions that every template has: Jinja's and those that transformers adds.</summary>
internal static class Globals
{
    /// <summary>A scope that holds them.</summary>
    public static Scope Create(RenderState state) => new(null)
    {
        ["range"] = new Callable(Range),
        ["dict"] = new Callable(Mapping),
        ["namespace"] = new Callable(Namespace),
        ["raise_exception"] = new Callable(arguments => throw new TemplateRefusal(PythonText.Str(arguments.Required(0, "message")))),
        ["strftime_now"] = new Callable(arguments => DateFormat.Apply(PythonText.Str(arguments.Required(0, "format")), state.Now)),
    };

    private static SequenceValue Range(CallArguments arguments)
    {
        bool hasStop = arguments.Positional.Count > 1;
        long start = hasStop ? Whole(arguments, 0) : 0;
        long stop = Whole(arguments, hasStop ? 1 : 0);
        long step = arguments.Positional.Count > 2 ? Whole(arguments, 2) : 1;
        if (step == 0)
        {
            throw new TemplateFailure("range() arg 3 must not be zero");
        }

        decimal count = Math.Max(0, Math.Ceiling(((decimal)stop - start) / step));
        return count <= RenderState.LongestRange
            ? new SequenceValue([.. Enumerable.Range(0, (int)count).Select(i => (object?)(start + (i * step)))])
            : throw new TemplateLimit($"it makes a range longer than {RenderState.LongestRange}");
    }

    private static long Whole(CallArguments arguments, int index) => arguments.Required(index, "stop") as long?
        ?? throw new TemplateFailure($"'{PythonText.TypeName(arguments.Positional[index])}' object cannot be interpreted as an integer");

    private static object Mapping(CallArguments arguments)
    {
        var mapping = new MappingValue();
        Fill(arguments, (key, value) => mapping.Set(key, value));
        return mapping;
    }

    private static object Namespace(CallArguments arguments)
    {
        var space = new NamespaceValue();
        Fill(arguments, (key, value) => space.Members[PythonText.Str(key)] = value);
        return space;
    }

    private static void Fill(CallArguments arguments, Action<object?, object?> set)
    {
        if (arguments.Positional is [MappingValue source, ..])
        {
            foreach ((object key, object? value) in source.Entries)
            {
                set(key, value);
            }
        }

        foreach ((string name, object? value) in arguments.Keywords)
        {
            set(name, value);
        }
    }
}
