using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary><c>and</c>, <c>or</c>: the operand that decides is the value.</summary>
internal sealed class LogicalExpression(Expression left, Expression right, bool isOr) : Expression
{
    protected override object? Compute(RenderState state, Scope scope)
    {
        object? first = left.Evaluate(state, scope);
        return Operators.IsTrue(first) == isOr ? first : right.Evaluate(state, scope);
    }
}
