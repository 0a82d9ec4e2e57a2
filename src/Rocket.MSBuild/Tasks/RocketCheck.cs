using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Rocket.MSBuild.Diagnostics;
using Rocket.MSBuild.State;
using Rocket.MSBuild.Tool;
using Rocket.Pipeline.Dependencies;

namespace Rocket.MSBuild.Tasks;

/// <summary>Tells, without starting the tool, which manifests it has to build, and which artifacts are there.</summary>
public sealed class RocketCheck : Microsoft.Build.Utilities.Task
{
    /// <summary>The manifests.</summary>
    [Required]
    public ITaskItem[] Manifests { get; set; } = [];

    /// <summary>The folder that artifacts go below, as a full path.</summary>
    [Required]
    public string OutputPath { get; set; } = "";

    /// <summary>Names of models, separated by semicolons; empty for all.</summary>
    public string? Models { get; set; }

    /// <summary>Names of budgets, separated by semicolons; empty for all.</summary>
    public string? Budgets { get; set; }

    /// <summary>The project's folder.</summary>
    [Required]
    public string ProjectDirectory { get; set; } = "";

    /// <summary>The property RocketToolPath.</summary>
    public string? ToolPath { get; set; }

    /// <summary>The package's own tool.</summary>
    [Required]
    public string PackagedTool { get; set; } = "";

    /// <summary>The manifests that have to be built.</summary>
    [Output]
    public ITaskItem[] Stale { get; private set; } = [];

    /// <summary>The files of artifacts that the last builds left; <c>RelativePath</c> is the path below the output path, <c>RelativeFolder</c> its folder.</summary>
    [Output]
    public ITaskItem[] Artifacts { get; private set; } = [];

    /// <summary>Files beside the artifacts.</summary>
    [Output]
    public ITaskItem[] Records { get; private set; } = [];

    /// <inheritdoc/>
    public override bool Execute()
    {
        if (ToolLocation.Find(ToolPath, ProjectDirectory, PackagedTool) is not { } tool)
        {
            BuildErrors.NoTool(Log, ToolPath!);
            return false;
        }

        string hash = new SelectedBuild(OutputPath, Models, Budgets, tool.Identity).Hash();
        List<ITaskItem> stale = [], artifacts = [], records = [];
        Dictionary<string, string> owners = new(StringComparer.Ordinal);
        foreach (ITaskItem manifest in Manifests)
        {
            var state = new ManifestState(manifest.ItemSpec, OutputPath);
            DependencyFile? last = state.TryRead();
            if (FindChange(state, manifest.ItemSpec, last, hash) is { } change)
            {
                Log.LogMessage(MessageImportance.Normal, "Rocket: {0} has to be built: {1}.", manifest.ItemSpec, change);
                stale.Add(manifest);
            }
            else
            {
                Log.LogMessage(MessageImportance.Low, "Rocket: {0} is up to date.", manifest.ItemSpec);
            }

            foreach (StampedFile output in last?.Outputs ?? [])
            {
                string relative = Path.GetRelativePath(OutputPath, output.Path);
                if (!owners.TryAdd(relative, manifest.ItemSpec))
                {
                    BuildErrors.SameArtifact(Log, owners[relative], manifest.ItemSpec, relative);
                    return false;
                }

                artifacts.Add(CreateArtifact(output.Path, relative));
            }

            records.AddRange((last?.Records ?? []).Select(record => new TaskItem(record.Path)));
        }

        (Stale, Artifacts, Records) = ([.. stale], [.. artifacts], [.. records]);
        return !Log.HasLoggedErrors;
    }

    private static TaskItem CreateArtifact(string path, string relative)
    {
        var artifact = new TaskItem(path);
        artifact.SetMetadata("RelativePath", relative);
        artifact.SetMetadata("RelativeFolder", Path.GetDirectoryName(relative)!.Replace('\\', '/') + "/");
        return artifact;
    }

    private string? FindChange(ManifestState state, string manifest, DependencyFile? last, string hash)
    {
        try
        {
            return state.FindChange(last, hash);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            BuildErrors.CannotSearch(Log, manifest, exception);
            return null;
        }
    }
}
