using Rocket.Models.ChatTemplates.Expressions;
using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Statements;

/// <summary><c>{% if %}</c> with its <c>elif</c> and <c>else</c>; what it sets is set for what comes after it.</summary>
internal sealed class IfStatement(IReadOnlyList<(Expression Condition, Body Then)> branches, Body otherwise) : Statement
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        foreach ((Expression condition, Body then) in branches)
        {
            if (Operators.IsTrue(condition.Evaluate(state, scope)))
            {
                return then.Execute(state, scope);
            }
        }

        return otherwise.Execute(state, scope);
    }
}
