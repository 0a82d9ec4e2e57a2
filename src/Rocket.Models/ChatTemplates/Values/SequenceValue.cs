namespace Rocket.Models.ChatTemplates.Values;

/// <summary>A list, tuple or generator; immutable, as transformers' sandbox has it.</summary>
internal sealed class SequenceValue(IReadOnlyList<object?> items, SequenceKind kind = SequenceKind.List)
{
    public IReadOnlyList<object?> Items { get; } = items;

    public SequenceKind Kind { get; } = kind;

    public static SequenceValue Tuple(params object?[] items) => new(items, SequenceKind.Tuple);

    public static SequenceValue Generator(IEnumerable<object?> items) => new([.. items], SequenceKind.Generator);
}
