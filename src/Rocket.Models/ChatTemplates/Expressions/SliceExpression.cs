using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary><c>owner[start:stop:step]</c>.</summary>
internal sealed class SliceExpression(Expression owner, Expression? start, Expression? stop, Expression? step) : Expression
{
    protected override object? Compute(RenderState state, Scope scope)
        => Members.Slice(owner.Evaluate(state, scope), Bound(start, state, scope), Bound(stop, state, scope), Bound(step, state, scope) ?? 1);

    private static long? Bound(Expression? bound, RenderState state, Scope scope) => bound?.Evaluate(state, scope) switch
    {
        null => null,
        long number => number,
        bool flag => flag ? 1 : 0,
        var other => throw new TemplateFailure($"slice indices must be integers, not {PythonText.TypeName(other)}"),
    };
}
