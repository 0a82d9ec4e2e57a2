using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary><c>function(arguments)</c>.</summary>
internal sealed class CallExpression(Expression function, ArgumentList arguments) : Expression
{
    protected override object? Compute(RenderState state, Scope scope) => Call(state, scope, null);

    /// <summary>Calls with one more named argument, which a call block adds.</summary>
    public object? Call(RenderState state, Scope scope, KeyValuePair<string, object?>? extra)
    {
        object? callee = function.Evaluate(state, scope);
        CallArguments values = arguments.Evaluate(state, scope);
        values = extra is { } named ? values with { Keywords = [.. values.Keywords, named] } : values;
        return callee switch
        {
            Callable callable => callable(values),
            LoopValue loop => loop.Call(values),
            Undefined undefined => throw new TemplateFailure(undefined.Reason),
            _ => throw new TemplateFailure($"'{PythonText.TypeName(callee)}' object is not callable"),
        };
    }
}
