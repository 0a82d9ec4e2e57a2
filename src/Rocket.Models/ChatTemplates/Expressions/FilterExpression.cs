using Rocket.Models.ChatTemplates.Library;

namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary><c>value | name(arguments)</c>.</summary>
internal sealed class FilterExpression(Expression? value, Filter filter, ArgumentList arguments) : Expression
{
    protected override object? Compute(RenderState state, Scope scope) => Apply(value!.Evaluate(state, scope), state, scope);

    /// <summary>Filters a value that is there already.</summary>
    public object? Apply(object? input, RenderState state, Scope scope)
    {
        object? output = filter(state, input, arguments.Evaluate(state, scope));
        if (output is string text)
        {
            state.Allocate(1, text.Length);
        }

        return output;
    }
}
