namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary>A chain of comparisons: <c>a &lt; b &lt;= c</c>, <c>a in b</c>.</summary>
internal sealed class ComparisonExpression(Expression first, IReadOnlyList<(Func<object?, object?, bool> Compare, Expression Operand)> rest) : Expression
{
    protected override object? Compute(RenderState state, Scope scope)
    {
        object? left = first.Evaluate(state, scope);
        foreach ((Func<object?, object?, bool> compare, Expression operand) in rest)
        {
            object? right = operand.Evaluate(state, scope);
            if (!compare(left, right))
            {
                return false;
            }

            left = right;
        }

        return true;
    }
}
