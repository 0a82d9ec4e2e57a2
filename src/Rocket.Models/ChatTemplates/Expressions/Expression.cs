namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary>A part of a template that has a value.</summary>
internal abstract class Expression
{
    /// <summary>The value.</summary>
    /// <exception cref="TemplateFailure">Python would throw.</exception>
    /// <exception cref="TemplateLimit">It takes more than it may.</exception>
    public object? Evaluate(RenderState state, Scope scope)
    {
        // No finally: whatever is thrown ends the whole rendering.
        state.Enter();
        object? value = Compute(state, scope);
        state.Leave();
        return value;
    }

    protected abstract object? Compute(RenderState state, Scope scope);
}
