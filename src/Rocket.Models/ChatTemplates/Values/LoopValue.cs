namespace Rocket.Models.ChatTemplates.Values;

/// <summary>The variable <c>loop</c> of one iteration.</summary>
internal sealed class LoopValue(IReadOnlyList<object?> items, int depth, Func<object?, int, string>? recurse)
{
    private object? _lastChanged;
    private bool _hasChanged;

    /// <summary>The iteration, from 0.</summary>
    public int Index { get; set; }

    public bool TryGet(string name, out object? value)
    {
        bool isKnown = true;
        value = name switch
        {
            "index" => Index + 1L,
            "index0" => (long)Index,
            "revindex" => (long)(items.Count - Index),
            "revindex0" => items.Count - Index - 1L,
            "first" => Index == 0,
            "last" => Index == items.Count - 1,
            "length" => (long)items.Count,
            "depth" => depth + 1L,
            "depth0" => (long)depth,
            "previtem" => Index > 0 ? items[Index - 1] : new Undefined("there is no previous item"),
            "nextitem" => Index < items.Count - 1 ? items[Index + 1] : new Undefined("there is no next item"),
            "cycle" => new Callable(arguments => arguments.Positional.Count > 0 ? arguments.Positional[Index % arguments.Positional.Count] : throw new TemplateFailure("no items for cycling given")),
            "changed" => new Callable(arguments => Changed(arguments)),
            _ => isKnown = false,
        };
        return isKnown;
    }

    /// <summary>Renders the loop again over other items, which <c>loop(items)</c> in a recursive loop does.</summary>
    public object? Call(CallArguments arguments)
        => recurse is null ? throw new TemplateFailure("The loop must have the 'recursive' marker to be called recursively.") : recurse(arguments.Required(0, "iterable"), depth + 1);

    private bool Changed(CallArguments arguments)
    {
        object current = SequenceValue.Tuple([.. arguments.Positional]);
        bool changed = !_hasChanged || !Operators.AreEqual(_lastChanged, current);
        _lastChanged = current;
        _hasChanged = true;
        return changed;
    }
}
