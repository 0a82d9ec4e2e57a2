using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Library;

/// <summary>The filters of lists and mappings.</summary>
internal static class SequenceFilters
{
    public static Filter? Find(string name) => name switch
    {
        "first" => (_, value, _) => Operators.Iterate(value) is [var first, ..] ? first : new Undefined("No first item, sequence was empty."),
        "last" => (_, value, _) => Operators.Iterate(value) is [.., var last] ? last : new Undefined("No last item, sequence was empty."),
        "join" => Join,
        "list" => (_, value, _) => new SequenceValue(Operators.Iterate(value)),
        "items" => Items,
        "dictsort" => SortMapping,
        "sort" => Sort,
        "reverse" => Reverse,
        "unique" => Unique,
        "min" => (state, value, arguments) => Sorted(state, value, arguments) is [var least, ..] ? least : new Undefined("No aggregated item, sequence was empty."),
        "max" => (state, value, arguments) => Sorted(state, value, arguments) is [.., var greatest] ? greatest : new Undefined("No aggregated item, sequence was empty."),
        "sum" => Sum,
        "batch" => Batch,
        _ => null,
    };

    private static string Join(RenderState state, object? value, CallArguments arguments)
    {
        IReadOnlyList<object?> items = Operators.Iterate(value);
        object? attribute = arguments.Get(1, "attribute");
        return StringParts.Join(PythonText.Str(arguments.Get(0, "d", "")), attribute is null ? items : [.. items.Select(MemberPath.Of(attribute, state))], state, isStrict: false);
    }

    private static SequenceValue Items(RenderState state, object? value, CallArguments arguments) => value switch
    {
        MappingValue mapping => SequenceValue.Generator(mapping.Items.Items),
        Undefined => SequenceValue.Generator([]),
        _ => throw new TemplateFailure("Can only get item pairs from a mapping."),
    };

    private static SequenceValue SortMapping(RenderState state, object? value, CallArguments arguments)
    {
        MappingValue mapping = value as MappingValue ?? throw new TemplateFailure($"'{PythonText.TypeName(value)}' has no items to sort");
        int member = arguments.Get(1, "by", "key") is "value" ? 1 : 0;
        return new SequenceValue(Order(mapping.Items.Items, item => ((SequenceValue)item!).Items[member], arguments, caseIndex: 0, reverseIndex: 2, state));
    }

    private static SequenceValue Sort(RenderState state, object? value, CallArguments arguments)
    {
        object? attribute = arguments.Get(2, "attribute");
        return new SequenceValue(Order(Operators.Iterate(value), attribute is null ? item => item : MemberPath.Of(attribute, state), arguments, caseIndex: 1, reverseIndex: 0, state));
    }

    private static List<object?> Sorted(RenderState state, object? value, CallArguments arguments)
    {
        object? attribute = arguments.Get(1, "attribute");
        return Order(Operators.Iterate(value), attribute is null ? item => item : MemberPath.Of(attribute, state), new CallArguments(arguments.Positional.Count > 0 ? [arguments.Positional[0]] : [], []), caseIndex: 0, reverseIndex: 1, state);
    }

    // A stable sort, as Python's is; reversed, equal items keep their order too.
    private static List<object?> Order(IReadOnlyList<object?> items, Func<object?, object?> key, CallArguments arguments, int caseIndex, int reverseIndex, RenderState state)
    {
        state.Allocate(1, items.Count, items.Count * 64L);
        bool isCaseSensitive = Operators.IsTrue(arguments.Get(caseIndex, "case_sensitive", false));
        bool isReversed = Operators.IsTrue(arguments.Get(reverseIndex, "reverse", false));
        var comparer = Comparer<object?>.Create(Operators.Compare);
        Func<object?, object?> folded = item => key(item) is string text && !isCaseSensitive ? text.ToLowerInvariant() : key(item);
        try
        {
            return [.. isReversed ? items.OrderByDescending(folded, comparer) : items.OrderBy(folded, comparer)];
        }
        catch (InvalidOperationException failure) when (failure.InnerException is TemplateFailure cause)
        {
            throw cause;
        }
    }

    private static object Reverse(RenderState state, object? value, CallArguments arguments)
        => value is string text ? string.Concat(CodePoints.Split(text).Reverse()) : SequenceValue.Generator(Operators.Iterate(value).Reverse());

    private static SequenceValue Unique(RenderState state, object? value, CallArguments arguments)
    {
        bool isCaseSensitive = Operators.IsTrue(arguments.Get(0, "case_sensitive", false));
        object? attribute = arguments.Get(1, "attribute");
        Func<object?, object?> key = attribute is null ? item => item : MemberPath.Of(attribute, state);
        List<object?> seen = [];
        List<object?> kept = [];
        foreach (object? item in Operators.Iterate(value))
        {
            object? found = key(item) is string text && !isCaseSensitive ? text.ToLowerInvariant() : key(item);
            state.Allocate(1, seen.Count, seen.Count);
            if (!seen.Exists(other => Operators.AreEqual(other, found)))
            {
                seen.Add(found);
                kept.Add(item);
            }
        }

        return SequenceValue.Generator(kept);
    }

    private static object? Sum(RenderState state, object? value, CallArguments arguments)
    {
        object? attribute = arguments.Get(0, "attribute");
        Func<object?, object?> key = attribute is null ? item => item : MemberPath.Of(attribute, state);
        return Operators.Iterate(value).Aggregate(arguments.Get(1, "start", 0L), (sum, item) => Arithmetic.Add(sum, key(item)));
    }

    private static SequenceValue Batch(RenderState state, object? value, CallArguments arguments)
    {
        int size = (int)Math.Clamp(arguments.Integer(0, "linecount") ?? throw new TemplateFailure("'linecount' is missing"), 1, int.MaxValue);
        return SequenceValue.Generator(Operators.Iterate(value).Chunk(size).Select(chunk =>
        {
            object? fill = arguments.Get(1, "fill_with");
            state.Allocate(1, size);
            return (object?)new SequenceValue(fill is null ? chunk : [.. chunk, .. Enumerable.Repeat(fill, size - chunk.Length)]);
        }));
    }
}
