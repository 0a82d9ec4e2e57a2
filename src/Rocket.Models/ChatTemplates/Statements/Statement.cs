namespace Rocket.Models.ChatTemplates.Statements;

/// <summary>A part of a template that does something: prints, sets, decides, repeats.</summary>
internal abstract class Statement
{
    /// <summary>Its line, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Does it.</summary>
    public Flow Execute(RenderState state, Scope scope)
    {
        state.Enter();
        state.Line = Line;
        Flow flow = Run(state, scope);
        state.Leave();
        return flow;
    }

    protected abstract Flow Run(RenderState state, Scope scope);
}
