using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary><c>then if condition else otherwise</c>.</summary>
internal sealed class ConditionalExpression(Expression then, Expression condition, Expression? otherwise) : Expression
{
    protected override object? Compute(RenderState state, Scope scope)
    {
        if (Operators.IsTrue(condition.Evaluate(state, scope)))
        {
            return then.Evaluate(state, scope);
        }

        return otherwise is null ? new Undefined("the inline if-expression evaluated to false and no else section was defined") : otherwise.Evaluate(state, scope);
    }
}
