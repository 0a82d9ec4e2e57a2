namespace Rocket.Models.ChatTemplates.Values;

/// <summary>The arguments of a call, filter or test.</summary>
internal sealed record CallArguments(IReadOnlyList<object?> Positional, IReadOnlyList<KeyValuePair<string, object?>> Keywords)
{
    public static CallArguments None { get; } = new([], []);

    /// <summary>An argument by place or by name; the fallback where it is not given.</summary>
    public object? Get(int index, string name, object? fallback = null)
    {
        foreach ((string keyword, object? value) in Keywords)
        {
            if (keyword == name)
            {
                return value;
            }
        }

        return index < Positional.Count ? Positional[index] : fallback;
    }

    /// <summary>An argument that must be there.</summary>
    /// <exception cref="TemplateFailure">It is not.</exception>
    public object? Required(int index, string name)
        => index < Positional.Count || Has(name) ? Get(index, name) : throw new TemplateFailure($"missing a required argument: '{name}'");

    public bool Has(string name) => Keywords.Any(keyword => keyword.Key == name);

    /// <summary>An argument that must be a whole number where it is given.</summary>
    public long? Integer(int index, string name) => Get(index, name) switch
    {
        null => null,
        long number => number,
        bool flag => flag ? 1 : 0,
        var other => throw new TemplateFailure($"'{name}' must be a whole number, not {PythonText.Repr(other)}"),
    };

    /// <summary>The arguments after the first ones.</summary>
    public CallArguments Skip(int count) => new([.. Positional.Skip(count)], Keywords);
}
