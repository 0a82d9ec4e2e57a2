using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Statements;

/// <summary>What a value is assigned to: a name, a member of a namespace, or several of them.</summary>
/// <param name="Name">The variable, or the namespace of <paramref name="Member"/>.</param>
/// <param name="Member">The member of the namespace, or null.</param>
/// <param name="Parts">The targets of the value's items, or null.</param>
internal sealed record AssignmentTarget(string? Name, string? Member, IReadOnlyList<AssignmentTarget>? Parts)
{
    public void Assign(RenderState state, Scope scope, object? value)
    {
        if (Parts is not null)
        {
            IReadOnlyList<object?> items = Operators.Iterate(value);
            if (items.Count != Parts.Count)
            {
                throw new TemplateFailure($"{items.Count} values stand where {Parts.Count} are unpacked");
            }

            for (int i = 0; i < items.Count; i++)
            {
                Parts[i].Assign(state, scope, items[i]);
            }
        }
        else if (Member is null)
        {
            scope[Name!] = value;
        }
        else
        {
            NamespaceValue space = scope.Resolve(Name!) as NamespaceValue ?? throw new TemplateFailure("cannot assign attribute on non-namespace object");
            space.Members[Member] = value;
        }
    }
}
