namespace Rocket.Models.ChatTemplates.Values;

/// <summary>What <c>namespace(...)</c> gives: the one thing that a loop's body can change for what comes after it.</summary>
internal sealed class NamespaceValue
{
    public Dictionary<string, object?> Members { get; } = new(StringComparer.Ordinal);
}
