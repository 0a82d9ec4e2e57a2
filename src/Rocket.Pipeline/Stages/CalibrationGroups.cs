using System.Collections.Immutable;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>The forward and backward passes of a calibration, one of each a group of windows, and their sums.</summary>
public sealed class CalibrationGroups
{
    private CalibrationGroups(ImmutableArray<(CalibrateStage Forward, BackwardStage? Backward)> groups, ICalibration forward, IBackwardPass? backward)
        => (Groups, Forward, Backward) = (groups, forward, backward);

    /// <summary>The groups in order. A group without a window to be run backwards has no backward pass.</summary>
    public ImmutableArray<(CalibrateStage Forward, BackwardStage? Backward)> Groups { get; }

    /// <summary>The forward pass of all windows.</summary>
    public ICalibration Forward { get; }

    /// <summary>The backward pass, or null where the method uses none.</summary>
    public IBackwardPass? Backward { get; }

    /// <summary>Divides a sample as its manifest asks.</summary>
    /// <param name="context">The run.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="source">The source model.</param>
    /// <param name="sample">All windows.</param>
    /// <param name="manifest">How many groups, and how many windows are run backwards.</param>
    /// <param name="usesOutputs">Whether the loss is run backwards.</param>
    public static CalibrationGroups Create(BuildContext context, string model, SourceModel source, CalibrationSample sample, CalibrationManifest manifest, bool usesOutputs)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(manifest);
        int count = manifest.Groups.Value;
        ImmutableArray<int> backwards = usesOutputs ? BackwardStage.Spread(sample.Windows.Count, manifest.BackwardSamples.Value) : [];
        ImmutableArray<CalibrationSample> samples = count == 1 ? [sample] : sample.Divide(count);
        var groups = ImmutableArray.CreateBuilder<(CalibrateStage Forward, BackwardStage? Backward)>(count);
        for (int group = 0; group < count; group++)
        {
            int start = sample.StartOf(group, count);
            int end = sample.StartOf(group + 1, count);
            ImmutableArray<int> own = [.. backwards.Where(window => window >= start && window < end).Select(window => window - start)];
            var forward = new CalibrateStage(context, model, source, samples[group]);
            groups.Add((forward, own.IsEmpty ? null : new BackwardStage(context, model, source, forward, own)));
        }

        ImmutableArray<BackwardStage> passes = [.. groups.Select(group => group.Backward).OfType<BackwardStage>()];
        return count == 1
            ? new CalibrationGroups(groups.ToImmutable(), groups[0].Forward, groups[0].Backward)
            : new CalibrationGroups(
                groups.ToImmutable(),
                new GroupedCalibration(context, model, source, [.. groups.Select(group => group.Forward)]),
                passes.IsEmpty ? null : new GroupedBackwardPass(context, model, passes));
    }
}
