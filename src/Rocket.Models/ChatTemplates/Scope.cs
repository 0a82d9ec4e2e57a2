using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates;

/// <summary>Variables; a loop's body and a macro have their own, which see those around them.</summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, object?> _variables = new(StringComparer.Ordinal);

    public object? this[string name]
    {
        set => _variables[name] = value;
    }

    public object? Resolve(string name)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._variables.TryGetValue(name, out object? value))
            {
                return value;
            }
        }

        return Undefined.Variable(name);
    }

    private Scope? Outer { get; } = outer;
}
