using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary>An operator with two operands, both of which are computed.</summary>
internal sealed class BinaryExpression(Expression left, Expression right, Func<object?, object?, RenderState, object?> compute) : Expression
{
    protected override object? Compute(RenderState state, Scope scope)
    {
        object? value = compute(left.Evaluate(state, scope), right.Evaluate(state, scope), state);
        if (value is string or SequenceValue)
        {
            state.Allocate(1, value is string text ? text.Length : ((SequenceValue)value).Items.Count);
        }

        return value;
    }
}
