namespace Rocket.Models.ChatTemplates.Values;

/// <summary>The arithmetic operators on numbers, strings and lists.</summary>
internal static class Arithmetic
{
    /// <summary>A number or boolean as a number.</summary>
    public static bool TryNumber(object? value, out double number)
    {
        (bool isNumber, number) = value switch
        {
            long whole => (true, whole),
            double real => (true, real),
            bool flag => (true, flag ? 1 : 0),
            _ => (false, 0),
        };
        return isNumber;
    }

    public static object? Add(object? left, object? right) => (left, right) switch
    {
        (string first, string second) => first + second,
        (SequenceValue first, SequenceValue second) when first.Kind == second.Kind && first.Kind != SequenceKind.Generator
            => new SequenceValue([.. first.Items, .. second.Items], first.Kind),
        _ => Numeric("+", left, right, (first, second) => checked(first + second), (first, second) => first + second),
    };

    public static object Subtract(object? left, object? right)
        => Numeric("-", left, right, (first, second) => checked(first - second), (first, second) => first - second);

    public static object? Multiply(object? left, object? right, RenderState state) => (left, right) switch
    {
        (string text, long count) => Repeat(text, count, state),
        (long count, string text) => Repeat(text, count, state),
        (SequenceValue items, long count) => Repeat(items, count, state),
        (long count, SequenceValue items) => Repeat(items, count, state),
        _ => Numeric("*", left, right, (first, second) => checked(first * second), (first, second) => first * second),
    };

    public static object Divide(object? left, object? right)
    {
        NotZero(right);
        (double first, double second) = Numbers("/", left, right);
        return first / second;
    }

    public static object FloorDivide(object? left, object? right)
    {
        NotZero(right);
        return Numeric("//", left, right, (first, second) => (long)Math.Floor((decimal)first / second), (first, second) => Math.Floor(first / second));
    }

    // Python's remainder has the divisor's sign.
    public static object Modulo(object? left, object? right)
    {
        if (left is string format)
        {
            return PercentFormat.Apply(format, right);
        }

        NotZero(right);
        return Numeric("%", left, right, (first, second) => second == -1 ? 0 : ((first % second) + second) % second, (first, second) => first - (second * Math.Floor(first / second)));
    }

    public static object Power(object? left, object? right)
    {
        (double first, double second) = Numbers("**", left, right);
        double result = Math.Pow(first, second);
        if (left is long && right is >= 0L && Math.Abs(result) < long.MaxValue)
        {
            return (long)result;
        }

        return result;
    }

    public static object Negate(object? value) => value is double real ? -real : Subtract(0L, value);

    private static void NotZero(object? divisor)
    {
        if (TryNumber(divisor, out double number) && number == 0)
        {
            throw new TemplateFailure("division by zero");
        }
    }

    private static object Numeric(string sign, object? left, object? right, Func<long, long, long> whole, Func<double, double, double> real)
    {
        (double first, double second) = Numbers(sign, left, right);
        try
        {
            if (left is double || right is double)
            {
                return real(first, second);
            }

            return whole(Whole(left), Whole(right));
        }
        catch (OverflowException)
        {
            throw new TemplateFailure($"the result of '{sign}' does not fit 64 bits");
        }
    }

    private static long Whole(object? value) => value is bool flag ? (flag ? 1 : 0) : (long)value!;

    private static (double Left, double Right) Numbers(string sign, object? left, object? right)
    {
        Defined(left);
        Defined(right);
        return TryNumber(left, out double first) && TryNumber(right, out double second)
            ? (first, second)
            : throw new TemplateFailure($"unsupported operand types for {sign}: '{PythonText.TypeName(left)}' and '{PythonText.TypeName(right)}'");
    }

    private static void Defined(object? value)
    {
        if (value is Undefined undefined)
        {
            throw new TemplateFailure(undefined.Reason);
        }
    }

    private static string Repeat(string text, long count, RenderState state)
    {
        count = Math.Max(count, 0);
        state.Allocate(text.Length, count);
        return string.Concat(Enumerable.Repeat(text, (int)count));
    }

    private static SequenceValue Repeat(SequenceValue items, long count, RenderState state)
    {
        count = Math.Max(count, 0);
        state.Allocate(items.Items.Count, count);
        return new SequenceValue([.. Enumerable.Repeat(items.Items, (int)count).SelectMany(copy => copy)], items.Kind);
    }
}
