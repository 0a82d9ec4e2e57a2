using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary>The arguments of a call, filter or test as they are written.</summary>
internal sealed record ArgumentList(IReadOnlyList<Expression> Positional, IReadOnlyList<KeyValuePair<string, Expression>> Keywords)
{
    public static ArgumentList None { get; } = new([], []);

    public CallArguments Evaluate(RenderState state, Scope scope) => Positional.Count + Keywords.Count == 0
        ? CallArguments.None
        : new CallArguments(
            [.. Positional.Select(argument => argument.Evaluate(state, scope))],
            [.. Keywords.Select(argument => KeyValuePair.Create(argument.Key, argument.Value.Evaluate(state, scope)))]);
}
