using Rocket.Models.ChatTemplates.Expressions;
using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Statements;

/// <summary><c>{{ value }}</c>.</summary>
internal sealed class OutputStatement(Expression value) : Statement
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        state.Write(PythonText.Str(value.Evaluate(state, scope)));
        return Flow.Next;
    }
}
