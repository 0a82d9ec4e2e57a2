using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Library;

/// <summary>The tests by their names.</summary>
internal static class Tests
{
    /// <summary>A test, or null where the name is not known.</summary>
    public static ValueTest? Find(string name) => name switch
    {
        "defined" => (_, value, _) => value is not Undefined,
        "undefined" => (_, value, _) => value is Undefined,
        "none" => (_, value, _) => value is null,
        "boolean" => (_, value, _) => value is bool,
        "true" => (_, value, _) => value is true,
        "false" => (_, value, _) => value is false,
        "integer" => (_, value, _) => value is long,
        "float" => (_, value, _) => value is double,
        "number" => (_, value, _) => value is long or double or bool,
        "string" => (_, value, _) => value is string,
        "mapping" => (_, value, _) => value is MappingValue,
        "sequence" => (_, value, _) => value is string or MappingValue or SequenceValue { Kind: not SequenceKind.Generator } or Undefined,
        "iterable" => (_, value, _) => value is string or MappingValue or SequenceValue or Undefined,
        "callable" => (_, value, _) => value is Callable or LoopValue,
        "odd" => (_, value, _) => Operators.AreEqual(Arithmetic.Modulo(value, 2L), 1L),
        "even" => (_, value, _) => Operators.AreEqual(Arithmetic.Modulo(value, 2L), 0L),
        "divisibleby" => (_, value, arguments) => Operators.AreEqual(Arithmetic.Modulo(value, arguments.Required(0, "num")), 0L),
        "lower" => (_, value, _) => PythonText.Str(value) is var text && text.Any(char.IsLower) && !text.Any(char.IsUpper),
        "upper" => (_, value, _) => PythonText.Str(value) is var text && text.Any(char.IsUpper) && !text.Any(char.IsLower),
        "in" => (_, value, arguments) => Operators.Contains(arguments.Required(0, "seq"), value),
        "sameas" => (_, value, arguments) => IsSame(value, arguments.Required(0, "other")),
        "filter" => (_, value, _) => value is string filter && Filters.Find(filter) is not null,
        "test" => (_, value, _) => value is string test && Find(test) is not null,
        "equalto" or "eq" or "==" => (_, value, arguments) => Operators.AreEqual(value, arguments.Required(0, "other")),
        "ne" or "!=" => (_, value, arguments) => !Operators.AreEqual(value, arguments.Required(0, "other")),
        "lt" or "lessthan" or "<" => (_, value, arguments) => Operators.Compare(value, arguments.Required(0, "other")) < 0,
        "le" or "<=" => (_, value, arguments) => Operators.Compare(value, arguments.Required(0, "other")) <= 0,
        "gt" or "greaterthan" or ">" => (_, value, arguments) => Operators.Compare(value, arguments.Required(0, "other")) > 0,
        "ge" or ">=" => (_, value, arguments) => Operators.Compare(value, arguments.Required(0, "other")) >= 0,
        _ => null,
    };

    private static bool IsSame(object? value, object? other) => value is bool or long or string
        ? value.GetType() == other?.GetType() && Operators.AreEqual(value, other)
        : ReferenceEquals(value, other);
}
