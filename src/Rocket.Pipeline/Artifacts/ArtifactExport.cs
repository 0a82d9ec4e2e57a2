namespace Rocket.Pipeline.Artifacts;

/// <summary>Asks for W^ beside the artifact, in a layout of tools that know no factors.</summary>
public abstract record ArtifactExport
{
    private protected ArtifactExport()
    {
    }

    /// <summary>Name of the layout: its folder is <c>OUTPUT/MODEL/BUDGET-NAME</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What tells one export of a plan from another.</summary>
    internal abstract string Key { get; }
}
