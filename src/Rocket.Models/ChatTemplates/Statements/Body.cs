namespace Rocket.Models.ChatTemplates.Statements;

/// <summary>Statements one after the other.</summary>
internal sealed record Body(IReadOnlyList<Statement> Statements)
{
    public Flow Execute(RenderState state, Scope scope)
    {
        foreach (Statement statement in Statements)
        {
            if (statement.Execute(state, scope) is var flow and not Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }
}
