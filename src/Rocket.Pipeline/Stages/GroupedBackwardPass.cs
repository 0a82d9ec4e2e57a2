using System.Collections.Immutable;
using Rocket.Compression.Calibration;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Stages;

/// <summary>The backward passes of a calibration's groups, summed a block, groups in order.</summary>
/// <param name="context">The run.</param>
/// <param name="model">Name of the model.</param>
/// <param name="groups">The passes of the groups that have a window to be run backwards.</param>
public sealed class GroupedBackwardPass(BuildContext context, string model, ImmutableArray<BackwardStage> groups) : IBackwardPass
{
    private const string MomentsFile = "moments.safetensors";
    private const int Version = 1;

    private readonly ActionLabel _label = new(BackwardStage.Name, model);

    /// <inheritdoc/>
    public Digest KeyOf(int block) => new KeyBuilder("backward-sum", Version).Add("groups", groups.Select(group => group.KeyOf(block))).Build();

    /// <inheritdoc/>
    public string Moments(int block) => context.ObtainFile(KeyOf(block), _label, MomentsFile, () => [Sum(block)]);

    /// <inheritdoc/>
    public bool Ensure(int block) => context.Obtain(KeyOf(block), _label, () => [Sum(block)]).Computed;

    private OutputFile Sum(int block)
    {
        context.RequireRuntime();
        using var moments = new OutputMoments();
        foreach (BackwardStage group in groups)
        {
            moments.AddSaved(group.Moments(block));
        }

        return context.Put(MomentsFile, moments.Save);
    }
}
