using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Library;

/// <summary>The filters that apply another filter or test to every item.</summary>
internal static class SelectionFilters
{
    public static Filter? Find(string name) => name switch
    {
        "map" => Map,
        "select" => (state, value, arguments) => Choose(state, value, arguments, byAttribute: false, isKept: true),
        "reject" => (state, value, arguments) => Choose(state, value, arguments, byAttribute: false, isKept: false),
        "selectattr" => (state, value, arguments) => Choose(state, value, arguments, byAttribute: true, isKept: true),
        "rejectattr" => (state, value, arguments) => Choose(state, value, arguments, byAttribute: true, isKept: false),
        "groupby" => GroupBy,
        _ => null,
    };

    private static SequenceValue Map(RenderState state, object? value, CallArguments arguments)
    {
        IReadOnlyList<object?> items = Operators.Iterate(value);
        if (arguments.Positional.Count == 0 && arguments.Has("attribute"))
        {
            return SequenceValue.Generator(items.Select(MemberPath.Of(arguments.Get(0, "attribute"), state, arguments.Get(1, "default"))));
        }

        string name = arguments.Required(0, "filter") as string ?? throw new TemplateFailure("map requires a filter argument");
        Filter filter = Filters.Find(name) ?? throw new TemplateFailure($"No filter named '{name}'.");
        CallArguments rest = arguments.Skip(1);
        return SequenceValue.Generator(items.Select(item =>
        {
            state.Allocate(1, 1, 64);
            return filter(state, item, rest);
        }));
    }

    private static SequenceValue Choose(RenderState state, object? value, CallArguments arguments, bool byAttribute, bool isKept)
    {
        Func<object?, object?> key = byAttribute ? MemberPath.Of(arguments.Required(0, "attribute"), state) : item => item;
        CallArguments rest = byAttribute ? arguments.Skip(1) : arguments;
        if (rest.Positional.Count == 0)
        {
            return SequenceValue.Generator(Operators.Iterate(value).Where(item => Operators.IsTrue(key(item)) == isKept));
        }

        string name = rest.Positional[0] as string ?? throw new TemplateFailure("the name of a test must be a string");
        ValueTest test = Tests.Find(name) ?? throw new TemplateFailure($"No test named '{name}'.");
        CallArguments last = rest.Skip(1);
        return SequenceValue.Generator(Operators.Iterate(value).Where(item =>
        {
            state.Allocate(1, 1, 64);
            return test(state, key(item), last) == isKept;
        }));
    }

    private static SequenceValue GroupBy(RenderState state, object? value, CallArguments arguments)
    {
        Func<object?, object?> key = MemberPath.Of(arguments.Required(0, "attribute"), state, arguments.Get(1, "default"));
        var sorted = (SequenceValue)SequenceFilters.Find("sort")!(state, value, new CallArguments([], [KeyValuePair.Create("attribute", arguments.Get(0, "attribute"))]))!;
        List<object?> groups = [];
        List<object?> members = [];
        for (int i = 0; i < sorted.Items.Count; i++)
        {
            members.Add(sorted.Items[i]);
            if (i + 1 == sorted.Items.Count || !Operators.AreEqual(key(sorted.Items[i]), key(sorted.Items[i + 1])))
            {
                groups.Add(SequenceValue.Tuple(key(sorted.Items[i]), new SequenceValue(members)));
                members = [];
            }
        }

        return new SequenceValue(groups);
    }
}
