namespace Rocket.Models.ChatTemplates.Statements;

/// <summary><c>{% break %}</c> and <c>{% continue %}</c>, of the extension that transformers loads.</summary>
internal sealed class LoopControlStatement(Flow flow) : Statement
{
    protected override Flow Run(RenderState state, Scope scope) => flow;
}
