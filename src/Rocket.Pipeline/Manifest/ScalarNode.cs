using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>A text; a plain one may mean a number or nothing.</summary>
internal sealed record ScalarNode(string Text, bool IsPlain, SourceLocation Location) : ManifestNode(Location)
{
    /// <summary>The absent value: an empty plain scalar, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Description => IsNull ? "empty" : IsPlain ? $"\"{Text}\"" : $"the quoted text \"{Text}\"";
}
