using Rocket.Models.ChatTemplates.Library;

namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary><c>value is name(arguments)</c>.</summary>
internal sealed class TestExpression(Expression value, ValueTest test, ArgumentList arguments) : Expression
{
    protected override object? Compute(RenderState state, Scope scope) => test(state, value.Evaluate(state, scope), arguments.Evaluate(state, scope));
}
