using Rocket.Models.ChatTemplates.Expressions;
using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Statements;

/// <summary><c>{% call macro() %}...{% endcall %}</c>: the body is the macro's <c>caller()</c>.</summary>
internal sealed class CallStatement(CallExpression call, Macro caller) : Statement
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        var body = new Callable(arguments => caller.Call(state, scope, arguments));
        state.Write(PythonText.Str(call.Call(state, scope, KeyValuePair.Create("caller", (object?)body))));
        return Flow.Next;
    }
}
