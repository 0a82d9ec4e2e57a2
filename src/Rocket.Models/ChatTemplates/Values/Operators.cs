namespace Rocket.Models.ChatTemplates.Values;

/// <summary>Truth, equality, order, iteration and membership as Python has them.</summary>
internal static class Operators
{
    private const int MaximumNesting = 100;

    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        SequenceValue { Kind: not SequenceKind.Generator } sequence => sequence.Items.Count > 0,
        MappingValue mapping => mapping.Entries.Count > 0,
        _ => true,
    };

    public static bool AreEqual(object? left, object? right) => AreEqual(left, right, 0);

    /// <summary>Less than zero, zero or more, as left stands to right.</summary>
    /// <exception cref="TemplateFailure">Their types have no order.</exception>
    public static int Compare(object? left, object? right)
    {
        if (left is string first && right is string second)
        {
            return CodePoints.Compare(first, second);
        }

        if (Arithmetic.TryNumber(left, out double leftNumber) && Arithmetic.TryNumber(right, out double rightNumber))
        {
            return left is long exactLeft && right is long exactRight ? exactLeft.CompareTo(exactRight) : leftNumber.CompareTo(rightNumber);
        }

        if (left is SequenceValue leftItems && right is SequenceValue rightItems && leftItems.Kind == rightItems.Kind)
        {
            for (int i = 0; i < Math.Min(leftItems.Items.Count, rightItems.Items.Count); i++)
            {
                if (!AreEqual(leftItems.Items[i], rightItems.Items[i]))
                {
                    return Compare(leftItems.Items[i], rightItems.Items[i]);
                }
            }

            return leftItems.Items.Count.CompareTo(rightItems.Items.Count);
        }

        throw new TemplateFailure($"values of the types '{PythonText.TypeName(left)}' and '{PythonText.TypeName(right)}' have no order");
    }

    public static bool Contains(object? container, object? item) => container switch
    {
        string text => item is string part
            ? text.Contains(part, StringComparison.Ordinal)
            : throw new TemplateFailure($"'in <string>' requires string as left operand, not {PythonText.TypeName(item)}"),
        MappingValue mapping => mapping.TryGet(item, out _),
        _ => Iterate(container).Any(candidate => AreEqual(candidate, item)),
    };

    /// <summary>The items that a loop over a value visits.</summary>
    /// <exception cref="TemplateFailure">The value cannot be iterated.</exception>
    public static IReadOnlyList<object?> Iterate(object? value) => value switch
    {
        SequenceValue sequence => sequence.Items,
        MappingValue mapping => [.. mapping.Entries.Keys],
        string text => CodePoints.Split(text),
        Undefined => [],
        _ => throw new TemplateFailure($"'{PythonText.TypeName(value)}' object is not iterable"),
    };

    /// <summary><c>len(value)</c>.</summary>
    public static long Length(object? value) => value switch
    {
        string text => CodePoints.Length(text),
        SequenceValue { Kind: not SequenceKind.Generator } sequence => sequence.Items.Count,
        MappingValue mapping => mapping.Entries.Count,
        Undefined => 0,
        _ => throw new TemplateFailure($"object of type '{PythonText.TypeName(value)}' has no len()"),
    };

    private static bool AreEqual(object? left, object? right, int depth)
    {
        if (depth > MaximumNesting)
        {
            throw new TemplateLimit("values nested deeper than 100");
        }

        return (left, right) switch
        {
            (null, null) or (Undefined, Undefined) => true,
            (string first, string second) => string.Equals(first, second, StringComparison.Ordinal),
            (long first, long second) => first == second,
            (SequenceValue first, SequenceValue second) => first.Kind == second.Kind && first.Items.Count == second.Items.Count
                && first.Items.Zip(second.Items).All(pair => AreEqual(pair.First, pair.Second, depth + 1)),
            (MappingValue first, MappingValue second) => first.Entries.Count == second.Entries.Count
                && first.Entries.All(entry => second.TryGet(entry.Key, out object? other) && AreEqual(entry.Value, other, depth + 1)),
            _ when Arithmetic.TryNumber(left, out double first) && Arithmetic.TryNumber(right, out double second) => first == second,
            _ => ReferenceEquals(left, right),
        };
    }
}
