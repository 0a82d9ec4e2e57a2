namespace Rocket.Models.ChatTemplates.Statements;

/// <summary>Text outside of tags.</summary>
internal sealed class TextStatement(string text) : Statement
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        state.Write(text);
        return Flow.Next;
    }
}
