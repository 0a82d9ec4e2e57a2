namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary>An operator with one operand.</summary>
internal sealed class UnaryExpression(Expression operand, Func<object?, object?> compute) : Expression
{
    protected override object? Compute(RenderState state, Scope scope) => compute(operand.Evaluate(state, scope));
}
