using Rocket.Models.ChatTemplates.Expressions;

namespace Rocket.Models.ChatTemplates.Statements;

/// <summary><c>{% set target = value %}</c>.</summary>
internal sealed class SetStatement(AssignmentTarget target, Expression value) : Statement
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        target.Assign(state, scope, value.Evaluate(state, scope));
        return Flow.Next;
    }
}
