using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary><c>owner.name</c>.</summary>
internal sealed class AttributeExpression(Expression owner, string name) : Expression
{
    public Expression Owner { get; } = owner;

    public string Name { get; } = name;

    protected override object? Compute(RenderState state, Scope scope) => Members.Attribute(Owner.Evaluate(state, scope), Name, state);
}
