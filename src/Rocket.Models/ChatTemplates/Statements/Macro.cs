using Rocket.Models.ChatTemplates.Expressions;
using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Statements;

/// <summary>A macro's parameters and body; what it prints is its value.</summary>
internal sealed record Macro(string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, Body Body)
{
    private const string Caller = "caller";

    public object? Call(RenderState state, Scope definition, CallArguments arguments)
    {
        var scope = new Scope(definition);
        for (int i = 0; i < Parameters.Count; i++)
        {
            (string name, Expression? fallback) = Parameters[i];
            scope[name] = i < arguments.Positional.Count || arguments.Has(name)
                ? arguments.Get(i, name)
                : fallback is null ? new Undefined($"parameter '{name}' was not provided") : fallback.Evaluate(state, scope);
        }

        KeyValuePair<string, object?>[] others = [.. arguments.Keywords.Where(keyword => !Parameters.Any(parameter => parameter.Name == keyword.Key))];
        scope["varargs"] = SequenceValue.Tuple([.. arguments.Positional.Skip(Parameters.Count)]);
        var rest = new MappingValue();
        foreach ((string name, object? value) in others.Where(other => other.Key != Caller))
        {
            rest.Set(name, value);
        }

        scope["kwargs"] = rest;
        scope[Caller] = Array.Find(others, other => other.Key == Caller) is { Key: not null } caller ? caller.Value : new Undefined("No caller defined");
        int line = state.Line;
        state.Enter();
        string text = state.Capture(() => Body.Execute(state, scope));
        state.Leave();
        state.Line = line;
        return text;
    }
}
