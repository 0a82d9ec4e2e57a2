using Rocket.Models.ChatTemplates.Expressions;

namespace Rocket.Models.ChatTemplates.Statements;

/// <summary><c>{% with a = 1 %}</c>, and transformers' <c>{% generation %}</c>, which only marks its body: variables that end with it.</summary>
internal sealed class ScopedStatement(IReadOnlyList<(AssignmentTarget Target, Expression Value)> variables, Body body) : Statement
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        var inner = new Scope(scope);
        foreach ((AssignmentTarget target, Expression value) in variables)
        {
            target.Assign(state, inner, value.Evaluate(state, scope));
        }

        return body.Execute(state, inner);
    }
}
