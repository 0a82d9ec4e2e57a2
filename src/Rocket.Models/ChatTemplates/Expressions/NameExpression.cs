namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary>A variable.</summary>
internal sealed class NameExpression(string name) : Expression
{
    public string Name { get; } = name;

    protected override object? Compute(RenderState state, Scope scope) => scope.Resolve(Name);
}
