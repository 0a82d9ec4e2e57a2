using System.Collections.Immutable;
using Rocket.Models.Architectures;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Stages;

/// <summary>One linear's options of one kind: in the source's type, or in integer codes.</summary>
/// <param name="Stage">Evaluates them.</param>
/// <param name="Block">The linear's block.</param>
/// <param name="Linear">The linear.</param>
internal sealed record ProfileUnit(ProfileStage Stage, BlockSpec Block, LinearSpec Linear)
{
    /// <summary>Key of the profile.</summary>
    public Digest Key => Stage.KeyOf(Block, Linear);

    /// <summary>Whether it is an embedding's or a head's, and needs a calibration: in the source's type there is nothing to evaluate.</summary>
    public bool IsOfVocabulary => Linear.IsOfVocabulary && !Stage.Grid.Quantizations.IsEmpty;

    /// <summary>Floating-point operations that it is expected to take.</summary>
    public double Flops => RunEstimate.ProfileFlops(Linear, Stage.Grid);

    /// <summary>The units of some stages, stage by stage.</summary>
    public static ImmutableArray<ProfileUnit> Of(ImmutableArray<ProfileStage> stages, LinearCandidates candidates)
        => [.. stages.SelectMany(stage => candidates.All.Select(l => new ProfileUnit(stage, l.Block, l.Linear)))];
}
