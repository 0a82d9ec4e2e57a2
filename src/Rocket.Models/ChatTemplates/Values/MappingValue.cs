namespace Rocket.Models.ChatTemplates.Values;

/// <summary>A Python dict: entries in the order of their insertion.</summary>
internal sealed class MappingValue
{
    public OrderedDictionary<object, object?> Entries { get; } = [];

    public SequenceValue Items => new([.. Entries.Select(entry => (object?)SequenceValue.Tuple(entry.Key, entry.Value))]);

    public SequenceValue Keys => new([.. Entries.Keys]);

    public SequenceValue Values => new([.. Entries.Values]);

    /// <summary>Sets an entry.</summary>
    /// <exception cref="TemplateFailure">The key is no text, number or boolean.</exception>
    public void Set(object? key, object? value)
        => Entries[Key(key) ?? throw new TemplateFailure($"unhashable type: '{PythonText.TypeName(key)}'")] = value;

    public bool TryGet(object? key, out object? value)
    {
        value = null;
        return Key(key) is { } found && Entries.TryGetValue(found, out value);
    }

    // Only what JSON and literals give can be a key; Python finds 1.0 under 1 too.
    private static object? Key(object? key) => key switch
    {
        double number when double.IsInteger(number) && Math.Abs(number) < long.MaxValue => (long)number,
        string or long or double or bool => key,
        _ => null,
    };
}
