using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Rocket.MSBuild.Diagnostics;
using Rocket.MSBuild.State;
using Rocket.MSBuild.Tool;
using Rocket.Pipeline.Dependencies;

namespace Rocket.MSBuild.Tasks;

/// <summary>Starts the tool on one manifest, as a process of its own, with a response file.</summary>
public sealed class RocketBuild : ToolTask
{
    private volatile bool _isCancelled;
    private ToolLocation? _tool;
    private ManifestState? _state;

    /// <summary>The manifest.</summary>
    [Required]
    public ITaskItem Manifest { get; set; } = null!;

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

    /// <summary>How much the tool tells: quiet, normal or detailed.</summary>
    public string? RocketVerbosity { get; set; }

    /// <summary>Whether sources that the lock file does not pin are refused.</summary>
    public bool Locked { get; set; }

    /// <summary>The property RocketToolPath.</summary>
    public string? RocketToolPath { get; set; }

    /// <summary>The package's own tool.</summary>
    [Required]
    public string PackagedTool { get; set; } = "";

    /// <inheritdoc/>
    protected override string ToolName => Path.GetFileName(Tool.Program);

    /// <inheritdoc/>
    protected override Encoding ResponseFileEncoding => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    protected override Encoding StandardOutputEncoding => Encoding.UTF8;

    /// <inheritdoc/>
    protected override Encoding StandardErrorEncoding => Encoding.UTF8;

    /// <summary>Progress and errors: what a user of the tool sees too.</summary>
    protected override MessageImportance StandardErrorLoggingImportance => MessageImportance.High;

    private ToolLocation Tool => _tool ?? throw new InvalidOperationException("The tool is found when the task begins.");

    private ManifestState State => _state ??= new ManifestState(Manifest.ItemSpec, OutputPath);

    /// <inheritdoc/>
    public override bool Execute()
    {
        _tool = ToolLocation.Find(RocketToolPath, ProjectDirectory, PackagedTool);
        if (_tool is null)
        {
            BuildErrors.NoTool(Log, RocketToolPath!);
            return false;
        }

        UseCommandProcessor = false;
        YieldDuringToolExecution = true;
        try
        {
            using FileStream owner = ManifestLock.Acquire(State.LockPath, () => _isCancelled);
            return BuildUnderLock(new SelectedBuild(OutputPath, Models, Budgets, _tool.Identity).Hash());
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            BuildErrors.CannotKeepState(Log, OutputPath, exception);
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Cancel()
    {
        _isCancelled = true;
        base.Cancel();
    }

    /// <inheritdoc/>
    protected override string GenerateFullPathToTool() => Tool.Program;

    /// <inheritdoc/>
    protected override string GetWorkingDirectory() => ProjectDirectory;

    /// <inheritdoc/>
    protected override string GenerateCommandLineCommands()
        => string.Join(' ', [.. Tool.Arguments.Select(argument => argument.Contains(' ', StringComparison.Ordinal) ? $"\"{argument}\"" : argument), "build"]);

    /// <inheritdoc/>
    protected override string GenerateResponseFileCommands() => ResponseFile.Format(
    [
        Manifest.GetMetadata("FullPath"),
        .. (string[])["--output", Path.TrimEndingDirectorySeparator(OutputPath)],
        .. (string[])["--depfile", State.DependencyPath],
        .. Locked ? (string[])["--locked"] : [],
        .. string.IsNullOrEmpty(RocketVerbosity) ? (string[])[] : ["--verbosity", RocketVerbosity],
        .. Names(Models).SelectMany(name => (string[])["--model", name]),
        .. Names(Budgets).SelectMany(name => (string[])["--budget", name]),
    ]);

    /// <summary>The command line is detail: what it is for is told instead.</summary>
    protected override void LogToolCommand(string message) => Log.LogMessage(MessageImportance.Normal, "{0}", message);

    private static string[] Names(string? list) => list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private bool BuildUnderLock(string hash)
    {
        DependencyFile? last = State.TryRead();
        if (State.FindChange(last, hash) is not { } change)
        {
            Log.LogMessage(MessageImportance.Normal, "Rocket: {0} was built meanwhile.", Manifest.ItemSpec);
            return true;
        }

        Log.LogMessage(MessageImportance.High, "Rocket: building {0}: {1}.", Manifest.ItemSpec, change);
        if (!base.Execute())
        {
            return false;
        }

        State.WriteCache(hash);
        if (last is not null && State.TryRead() is { } made)
        {
            ArtifactFiles.Delete(last.Outputs.Concat(last.Records).Select(file => file.Path).Except(made.Outputs.Concat(made.Records).Select(file => file.Path)), OutputPath);
        }

        return true;
    }
}
