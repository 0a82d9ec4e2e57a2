using System.Text.Json;
using Rocket.Compression.Factorization;
using Rocket.Compression.Profiling;
using Rocket.Models.Architectures;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Stages;

/// <summary>Evaluates all options of one linear.</summary>
/// <param name="context">The run.</param>
/// <param name="model">Name of the model.</param>
/// <param name="task">Loads a linear with its moments.</param>
/// <param name="grid">Which options.</param>
public sealed class ProfileStage(BuildContext context, string model, LinearTask task, OptionGrid grid)
{
    /// <summary>The stage's name.</summary>
    public const string Name = "profile";

    private const int Version = 2;
    private const string ProfileFile = "profile.json";

    /// <summary>Which options.</summary>
    public OptionGrid Grid { get; } = grid;

    /// <summary>Key of a linear's profile: the moments' key, the weight, the Grid.</summary>
    public Digest KeyOf(BlockSpec block, LinearSpec linear)
    {
        KeyBuilder key = task.AddTo(new KeyBuilder(Name, Version), block, linear)
            .Add("ratios", string.Join(' ', Grid.Ratios))
            .Add("rhos", string.Join(' ', Grid.Rhos))
            .Add("shares", string.Join(' ', Grid.Shares));
        if (Grid.IsSurveyed)
        {
            key.Add("survey", LinearProfiler.SurveyVersion);
        }
        else if (!Grid.Ratios.IsEmpty && !Grid.Shares.IsEmpty)
        {
            key.Add("bound", LinearProfiler.BoundVersion);
        }

        return Grid.Quantizations.IsEmpty ? key.Build() : key
            .Add("quantizations", string.Join(' ', Grid.Quantizations.Select(quantization => $"{quantization.Bits}/{quantization.GroupSize}")))
            .Add("rounding", FactorizeStage.RoundingVersion)
            .Build();
    }

    /// <summary>Makes the profile unless it is there.</summary>
    /// <returns>Whether it had to be made.</returns>
    public bool Ensure(BlockSpec block, LinearSpec linear)
        => context.Obtain(KeyOf(block, linear), new ActionLabel(Name, model), () => [Run(block, linear)]).Computed;

    /// <summary>The profile of a linear.</summary>
    public LinearProfile Load(BlockSpec block, LinearSpec linear)
    {
        string path = context.ObtainFile(KeyOf(block, linear), new ActionLabel(Name, model), ProfileFile, () => [Run(block, linear)]);
        return JsonSerializer.Deserialize<LinearProfile>(File.ReadAllBytes(path))
            ?? throw new InvalidDataException($"The profile of '{linear.Key}' is empty.");
    }

    private OutputFile Run(BlockSpec block, LinearSpec linear)
    {
        context.RequireRuntime();
        PathWaypoints waypoints = PathWaypoints.Of(context, model, task, block, linear);
        using ILinearFactorizer? factorizer = linear.IsOfVocabulary && Grid.Quantizations.IsEmpty ? null : task.Prepare(block, linear, waypoints: waypoints);
        RankBound? bound = factorizer is LinearFactorizer weighed && !Grid.Shares.IsEmpty && !Grid.Ratios.IsEmpty ? RankBound.Compute(weighed.Statistics) : null;
        LinearProfile profile = factorizer is null
            ? new LinearProfile(linear.DIn, linear.DOut, [ProfiledOption.Dense(linear.Parameters)])
            : linear.IsOfVocabulary ? LinearProfiler.ProfileVocabulary(factorizer, linear.DIn, linear.DOut, Grid, context.CancellationToken)
            : LinearProfiler.Profile(factorizer, linear.DIn, linear.DOut, Grid, bound, context.CancellationToken);
        waypoints.Keep();
        return context.Put(ProfileFile, JsonSerializer.SerializeToUtf8Bytes(profile with { Tokens = task.TokensOf(block, linear) }));
    }
}
