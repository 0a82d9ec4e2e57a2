namespace Rocket.Models.ChatTemplates.Values;

/// <summary>Attributes, items and slices. A dot looks for a method first and an entry then, brackets the other way round.</summary>
internal static class Members
{
    /// <summary><c>owner.name</c>.</summary>
    public static object? Attribute(object? owner, string name, RenderState state)
        => Method(owner, name, state) ?? (TryItem(owner, name, out object? item) ? item : Undefined.Member(owner, name));

    /// <summary><c>owner[key]</c>.</summary>
    public static object? Item(object? owner, object? key, RenderState state)
    {
        if (TryItem(owner, key, out object? item))
        {
            return item;
        }

        return key is string name && Method(owner, name, state) is { } method ? method : Undefined.Member(owner, key);
    }

    /// <summary><c>owner[start:stop:step]</c>.</summary>
    public static object Slice(object? owner, long? start, long? stop, long step)
    {
        IReadOnlyList<object?> items = owner switch
        {
            string text => CodePoints.Split(text),
            SequenceValue { Kind: not SequenceKind.Generator } sequence => sequence.Items,
            Undefined undefined => throw new TemplateFailure(undefined.Reason),
            _ => throw new TemplateFailure($"'{PythonText.TypeName(owner)}' object cannot be sliced"),
        };
        List<object?> chosen = [];
        foreach (int index in Indices(items.Count, start, stop, step))
        {
            chosen.Add(items[index]);
        }

        return owner is SequenceValue { Kind: var kind } ? new SequenceValue(chosen, kind) : string.Concat(chosen.Cast<string>());
    }

    private static object? Method(object? owner, string name, RenderState state) => owner switch
    {
        Undefined undefined => throw new TemplateFailure(undefined.Reason),
        string text => StringMethods.Find(text, name, state),
        MappingValue mapping => MappingMethods.Find(mapping, name),
        SequenceValue sequence => SequenceMethods.Find(sequence, name),
        _ => null,
    };

    private static bool TryItem(object? owner, object? key, out object? item)
    {
        item = null;
        switch (owner)
        {
            case Undefined undefined:
                throw new TemplateFailure(undefined.Reason);
            case MappingValue mapping:
                return mapping.TryGet(key, out item);
            case NamespaceValue space:
                return key is string member && space.Members.TryGetValue(member, out item);
            case LoopValue loop:
                return key is string property && loop.TryGet(property, out item);
            case string text when key is long index:
                IReadOnlyList<string> points = CodePoints.Split(text);
                return TryIndex(points, index, out item);
            case SequenceValue { Kind: not SequenceKind.Generator } sequence when key is long index:
                return TryIndex(sequence.Items, index, out item);
            default:
                return false;
        }
    }

    private static bool TryIndex(IReadOnlyList<object?> items, long index, out object? item)
    {
        index += index < 0 ? items.Count : 0;
        bool isInside = index >= 0 && index < items.Count;
        item = isInside ? items[(int)index] : null;
        return isInside;
    }

    private static IEnumerable<int> Indices(int count, long? start, long? stop, long step)
    {
        if (step == 0)
        {
            throw new TemplateFailure("slice step cannot be zero");
        }

        long lowest = step > 0 ? 0 : -1;
        long highest = step > 0 ? count : count - 1;
        long first = Clamp(start, step > 0 ? lowest : highest);
        long last = Clamp(stop, step > 0 ? highest : lowest);
        for (long i = first; step > 0 ? i < last : i > last; i += step)
        {
            yield return (int)i;
        }

        long Clamp(long? bound, long fallback) => bound is { } given ? Math.Clamp(given < 0 ? given + count : given, lowest, highest) : fallback;
    }
}
