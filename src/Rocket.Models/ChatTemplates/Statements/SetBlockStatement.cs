using Rocket.Models.ChatTemplates.Expressions;

namespace Rocket.Models.ChatTemplates.Statements;

/// <summary><c>{% set target %}...{% endset %}</c>, with filters where there are some.</summary>
internal sealed class SetBlockStatement(AssignmentTarget target, IReadOnlyList<FilterExpression> filters, Body body) : Statement
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        string text = state.Capture(() => body.Execute(state, new Scope(scope)));
        target.Assign(state, scope, filters.Aggregate<FilterExpression, object?>(text, (current, filter) => filter.Apply(current, state, scope)));
        return Flow.Next;
    }
}
