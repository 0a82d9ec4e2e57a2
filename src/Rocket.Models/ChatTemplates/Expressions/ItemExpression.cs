using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary><c>owner[key]</c>.</summary>
internal sealed class ItemExpression(Expression owner, Expression key) : Expression
{
    protected override object? Compute(RenderState state, Scope scope)
        => Members.Item(owner.Evaluate(state, scope), key.Evaluate(state, scope), state);
}
