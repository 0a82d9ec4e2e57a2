using Rocket.Models.ChatTemplates.Expressions;
using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Statements;

/// <summary><c>{% filter name %}...{% endfilter %}</c>.</summary>
internal sealed class FilterBlockStatement(IReadOnlyList<FilterExpression> filters, Body body) : Statement
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        string text = state.Capture(() => body.Execute(state, new Scope(scope)));
        state.Write(PythonText.Str(filters.Aggregate<FilterExpression, object?>(text, (current, filter) => filter.Apply(current, state, scope))));
        return Flow.Next;
    }
}
