using Microsoft.Build.Framework;
using Rocket.MSBuild.Diagnostics;
using Rocket.MSBuild.State;

namespace Rocket.MSBuild.Tasks;

/// <summary>Takes away what the last builds laid, and nothing else; the store keeps what was computed.</summary>
public sealed class RocketClean : Microsoft.Build.Utilities.Task
{
    /// <summary>The folder that artifacts go below, as a full path.</summary>
    [Required]
    public string OutputPath { get; set; } = "";

    /// <summary>The folder of the output that artifacts were copied to: what the clean left empty in it goes too.</summary>
    public string? TargetFolder { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            foreach (string dependencies in ManifestState.DependencyPathsIn(OutputPath))
            {
                if (ManifestState.TryRead(dependencies) is { } last)
                {
                    ArtifactFiles.Delete(last.Outputs.Concat(last.Records).Select(file => file.Path), OutputPath);
                }

                ArtifactFiles.Delete(ManifestState.FilesOf(dependencies), OutputPath);
            }

            foreach (string shards in ManifestState.PackFoldersIn(OutputPath))
            {
                Directory.Delete(shards, recursive: true);
            }

            ArtifactFiles.Delete(ManifestState.PackTargetsIn(OutputPath), OutputPath);
            if (!string.IsNullOrEmpty(TargetFolder))
            {
                ArtifactFiles.DeleteEmptyFolders(TargetFolder);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            BuildErrors.CannotKeepState(Log, OutputPath, exception);
        }

        return !Log.HasLoggedErrors;
    }
}
