using Rocket.Models.ChatTemplates.Expressions;
using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Statements;

/// <summary><c>{% for %}</c> with its condition, its <c>else</c> and its <c>loop</c>; every iteration has variables of its own.</summary>
internal sealed class ForStatement(AssignmentTarget target, Expression items, Expression? condition, bool isRecursive, Body body, Body otherwise) : Statement
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        Loop(state, scope, items.Evaluate(state, scope), 0);
        return Flow.Next;
    }

    private void Loop(RenderState state, Scope outer, object? source, int depth)
    {
        IReadOnlyList<object?> chosen = Filter(state, outer, Operators.Iterate(source));
        if (chosen.Count == 0)
        {
            otherwise.Execute(state, new Scope(outer));
            return;
        }

        var loop = new LoopValue(chosen, depth, isRecursive ? (inner, level) => state.Capture(() => Loop(state, outer, inner, level)) : null);
        for (int i = 0; i < chosen.Count; i++)
        {
            loop.Index = i;
            var scope = new Scope(outer) { ["loop"] = loop };
            target.Assign(state, scope, chosen[i]);
            if (body.Execute(state, scope) == Flow.Break)
            {
                return;
            }

            state.Line = Line;
        }
    }

    private IReadOnlyList<object?> Filter(RenderState state, Scope outer, IReadOnlyList<object?> candidates)
    {
        if (condition is null)
        {
            return candidates;
        }

        return [.. candidates.Where(candidate =>
        {
            var scope = new Scope(outer);
            target.Assign(state, scope, candidate);
            return Operators.IsTrue(condition.Evaluate(state, scope));
        })];
    }
}
