using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary><c>{key: value}</c>.</summary>
internal sealed class MappingExpression(IReadOnlyList<(Expression Key, Expression Value)> entries) : Expression
{
    protected override object? Compute(RenderState state, Scope scope)
    {
        var mapping = new MappingValue();
        foreach ((Expression key, Expression value) in entries)
        {
            mapping.Set(key.Evaluate(state, scope), value.Evaluate(state, scope));
        }

        return mapping;
    }
}
