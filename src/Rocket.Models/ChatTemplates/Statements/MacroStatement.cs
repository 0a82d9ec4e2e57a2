using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Statements;

/// <summary><c>{% macro name(parameters) %}</c>.</summary>
internal sealed class MacroStatement(string name, Macro macro) : Statement
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        scope[name] = new Callable(arguments => macro.Call(state, scope, arguments));
        return Flow.Next;
    }
}
