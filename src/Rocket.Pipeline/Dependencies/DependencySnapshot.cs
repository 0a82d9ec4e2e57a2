using System.Collections.Immutable;
using System.Text;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Reporting;
using Rocket.Pipeline.Sources;
using Rocket.Pipeline.Sources.Locking;
using Rocket.Pipeline.Stages;

namespace Rocket.Pipeline.Dependencies;

/// <summary>The files that a build of a manifest reads, as they were before it began, and what it wrote: the source of <c>--depfile</c>.</summary>
public sealed class DependencySnapshot
{
    private readonly List<StampedFile> _inputs;
    private readonly ImmutableArray<MatchedPatterns> _patterns;
    private readonly List<StampedFile> _outputs = [];
    private readonly List<StampedFile> _records = [];

    private DependencySnapshot(List<StampedFile> inputs, ImmutableArray<MatchedPatterns> patterns)
    {
        _inputs = inputs;
        _patterns = patterns;
    }

    /// <summary>Takes size and time of every file that the manifest leads to, before any is read: what changes later is then seen by the next build.</summary>
    /// <exception cref="RocketException">A folder of the corpus cannot be read (RKT3108).</exception>
    public static DependencySnapshot Take(RocketManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        List<StampedFile> inputs = [StampedFile.Of(Path.GetFullPath(manifest.Path))];
        if (manifest.Models.Any(model => model.FetchedFolder is not null))
        {
            inputs.Add(StampedFile.Of(LockFile.PathOf(manifest.Path)));
        }

        var patterns = ImmutableArray.CreateBuilder<MatchedPatterns>();
        foreach (ModelManifest model in manifest.Models)
        {
            inputs.AddRange(SourceModel.CandidateFiles(manifest.SourceFolderOf(model)).Select(StampedFile.Of));
            patterns.AddRange(model.Calibration.Sources.Select(text => Match(manifest.Folder, text.Files)));
            if (model.Evaluate is { } evaluate)
            {
                patterns.AddRange(new[] { evaluate.Perplexity, evaluate.Tasks }.Where(asked => !asked.IsEmpty).Select(asked => Match(manifest.Folder, asked)));
            }
        }

        return new DependencySnapshot(inputs, patterns.ToImmutable());
    }

    /// <summary>Adds the shards of a model: only its index tells where they are.</summary>
    public void AddShards(ModelBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        var known = _inputs.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        _inputs.AddRange(build.CheckpointFiles.Where(file => !known.Contains(file)).Select(StampedFile.Of));
    }

    /// <summary>Adds an artifact that the build laid, and the record beside it.</summary>
    public void AddArtifact(string output, string model, BudgetResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        string[] files = Directory.GetFiles(Path.GetFullPath(result.Folder), "*", SearchOption.AllDirectories);
        _outputs.AddRange(files.Order(StringComparer.Ordinal).Select(StampedFile.Of));
        _records.Add(StampedFile.Of(Path.GetFullPath(RunRecord.PathOf(output, model, result.Budget))));
    }

    /// <summary>Adds the page over all budgets of a model.</summary>
    public void AddReport(string page) => _records.Add(StampedFile.Of(Path.GetFullPath(page)));

    /// <summary>Writes the dependency file, whole or not at all.</summary>
    /// <exception cref="RocketException">RKT6007: it cannot be written.</exception>
    public void Write(string path, string output)
    {
        string full = Path.GetFullPath(path);
        string fresh = $"{full}.{Guid.NewGuid():N}.tmp";
        var file = new DependencyFile(_inputs, _patterns, Path.GetFullPath(output), _outputs, _records);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(fresh, file.Format(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(fresh, full, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(fresh);
            throw OutputErrors.CannotWriteDependencies(path, exception);
        }
    }

    private static MatchedPatterns Match(string folder, ImmutableArray<Located<string>> patterns)
    {
        var set = new PatternSet(folder, [.. patterns.Select(pattern => pattern.Value)]);
        try
        {
            return new MatchedPatterns(set, [.. set.Expand().Select(StampedFile.Of)]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CorpusErrors.Unreadable(patterns[0].Location, string.Join(' ', set.Patterns), exception);
        }
    }
}
