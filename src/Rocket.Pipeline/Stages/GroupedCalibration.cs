using System.Collections.Immutable;
using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>A calibration whose windows run in groups, each for itself from the first block to the last: machines can take groups. Moments are summed a group, groups in order.</summary>
/// <param name="context">The run.</param>
/// <param name="model">Name of the model.</param>
/// <param name="source">The source model.</param>
/// <param name="groups">The groups' passes, in order.</param>
public sealed class GroupedCalibration(BuildContext context, string model, SourceModel source, ImmutableArray<CalibrateStage> groups) : ICalibration
{
    private const string MomentsFile = "moments.safetensors";
    private const string HiddenFile = "hidden.f32";
    private const int Version = 1;

    private readonly ActionLabel _label = new(CalibrateStage.Name, model);

    /// <inheritdoc/>
    public IReadOnlyList<int[]> Windows { get; } = [.. groups.SelectMany(group => group.Windows)];

    /// <inheritdoc/>
    public Digest KeyOf(int block) => Key("calibrate-sum", block);

    /// <inheritdoc/>
    public string Moments(int block) => context.ObtainFile(KeyOf(block), _label, MomentsFile, () => [Sum(block)]);

    /// <inheritdoc/>
    public bool Ensure(int block) => context.Obtain(KeyOf(block), _label, () => [Sum(block)]).Computed;

    /// <inheritdoc/>
    public HiddenStates OpenHidden(int block, IReadOnlyList<int> windows)
    {
        string path = context.ObtainFile(Key("gather", block), _label, HiddenFile, () => [context.Put(HiddenFile, output => Gather(block, output))], isShared: false);
        return HiddenStates.Open(path, [.. Windows.Select(window => window.Length)], source.Spec.HiddenSize, windows);
    }

    private Digest Key(string name, int block) => new KeyBuilder(name, Version).Add("groups", groups.Select(group => group.KeyOf(block))).Build();

    private OutputFile Sum(int block)
    {
        context.RequireRuntime();
        using var moments = new BlockMoments();
        foreach (CalibrateStage group in groups)
        {
            moments.AddSaved(group.Moments(block));
        }

        return context.Put(MomentsFile, moments.Save);
    }

    private void Gather(int block, Stream output)
    {
        foreach (CalibrateStage group in groups)
        {
            using FileStream part = File.OpenRead(group.Hidden(block));
            part.CopyTo(output);
        }
    }
}
