using System.Globalization;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Rocket.MSBuild.Diagnostics;
using Rocket.MSBuild.Packing;
using Rocket.MSBuild.State;

namespace Rocket.MSBuild.Tasks;

/// <summary>
/// Prepares a package that carries artifacts: writes the targets that lay them into the output and publish folder of whoever references it and,
/// where they are too large for one package, shares them out over several that this one depends on.
/// </summary>
public sealed class RocketPackTargets : Microsoft.Build.Utilities.Task
{
    /// <summary>Identity of the package: NuGet imports the targets that are named after it.</summary>
    [Required]
    public string PackageId { get; set; } = "";

    /// <summary>Version of the package and of its shards.</summary>
    [Required]
    public string PackageVersion { get; set; } = "";

    /// <summary>Authors of the shards.</summary>
    [Required]
    public string Authors { get; set; } = "";

    /// <summary>An SPDX expression, or nothing.</summary>
    public string? License { get; set; }

    /// <summary>The files of artifacts.</summary>
    public ITaskItem[] Artifacts { get; set; } = [];

    /// <summary>The folder of the consumer's output that they go to, with a slash at its end.</summary>
    [Required]
    public string TargetFolder { get; set; } = "";

    /// <summary>Where files are written.</summary>
    [Required]
    public string OutputPath { get; set; } = "";

    /// <summary>Most bytes of a package.</summary>
    [Required]
    public string MaxBytes { get; set; } = "";

    /// <summary>The targets of the package.</summary>
    [Output]
    public string TargetsFile { get; private set; } = "";

    /// <summary>The nuspec of every shard, with its <c>ShardId</c>; empty where one package is enough.</summary>
    [Output]
    public ITaskItem[] Shards { get; private set; } = [];

    /// <inheritdoc/>
    public override bool Execute()
    {
        if (Artifacts.Length == 0)
        {
            BuildErrors.NothingToPack(Log);
            return false;
        }

        if (!long.TryParse(MaxBytes, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) || limit < PackPlan.LeastLimit)
        {
            BuildErrors.BadPackLimit(Log, MaxBytes, PackPlan.LeastLimit);
            return false;
        }

        TargetsFile = Path.Combine(OutputPath, $".{PackageId}{ManifestState.PackTargetsExtension}");
        try
        {
            var plan = PackPlan.Create(Artifacts.Select(artifact => (artifact.ItemSpec, artifact.GetMetadata("RelativePath").Replace('\\', '/'), new FileInfo(artifact.ItemSpec).Length)), limit);
            var targets = new ConsumerTargets(PackageId, TargetFolder);
            if (plan.Shards.Count == 0)
            {
                PackFolder.Write(TargetsFile, targets.ForFiles());
                return true;
            }

            WriteShards(plan, targets);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            BuildErrors.CannotKeepState(Log, OutputPath, exception);
        }

        return !Log.HasLoggedErrors;
    }

    private void WriteShards(PackPlan plan, ConsumerTargets targets)
    {
        PackedPiece[] parts = [.. plan.Shards.SelectMany(shard => shard).Where(piece => piece.Part > 0)];
        List<string> files = [.. parts.Select(piece => piece.RelativePath).Distinct()];
        PackFolder.Write(TargetsFile, targets.ForParts(files.Select((path, i) =>
        {
            PackedPiece[] own = [.. parts.Where(piece => piece.RelativePath == path)];
            return (i + 1, path, own[0].Source, own.Length);
        })));

        string folder = Path.Combine(OutputPath, ManifestState.PackFolderOf(PackageId));
        Shards = [.. plan.Shards.Select((pieces, shard) => WriteShard(ShardNuspec.IdOf(PackageId, shard), pieces))];
        Log.LogMessage(MessageImportance.High, "Rocket: the models are shared out over {0} packages that {1} depends on.", Shards.Length, PackageId);

        int FileOf(PackedPiece piece) => files.IndexOf(piece.RelativePath) + 1;

        TaskItem WriteShard(string id, IReadOnlyList<PackedPiece> pieces)
        {
            string target = PackFolder.Write(Path.Combine(folder, $"{id}.targets"), targets.ForShard(pieces, FileOf));
            List<(string, string)> content = [(target, $"build/{id}.targets"), (target, $"buildTransitive/{id}.targets")];
            foreach (PackedPiece piece in pieces)
            {
                string part = string.Create(CultureInfo.InvariantCulture, $"{FileOf(piece)}.{piece.Part}");
                content.Add(piece.Part == 0
                    ? (piece.Source, $"rocket/{piece.RelativePath}")
                    : (PackFolder.WritePart(piece, Path.Combine(folder, "parts", part)), $"parts/{part}"));
            }

            string nuspec = Path.Combine(folder, $"{id}.nuspec");
            PackFolder.Write(nuspec, ShardNuspec.Create(id, PackageVersion, Authors, PackageId, License ?? "", content.Select(file => (Path.GetFullPath(file.Item1), file.Item2))).ToString());
            var item = new TaskItem(nuspec);
            item.SetMetadata("ShardId", id);
            return item;
        }
    }
}
