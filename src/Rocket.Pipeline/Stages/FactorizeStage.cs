using System.Diagnostics;
using Rocket.Compression.Factorization;
using Rocket.Models.Architectures;
using Rocket.Models.Factors;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Stages;

/// <summary>Factorizes one linear by the option that a plan chose.</summary>
/// <param name="context">The run.</param>
/// <param name="model">Name of the model.</param>
/// <param name="task">Loads a linear with its moments.</param>
public sealed class FactorizeStage(BuildContext context, string model, LinearTask task) : IFactorSource
{
    /// <summary>The stage's name.</summary>
    public const string Name = "factorize";

    private const int Version = 1;

    // Another number means other codes from the same inputs.
    internal const int RoundingVersion = 1;

    private const string FactorsFile = "factors.safetensors";
    private const string ResultFile = "result.json";

    /// <summary>Key of a linear's factors: the moments' key, the weight, and the option; not the grid that it came from.</summary>
    public Digest KeyOf(BlockSpec block, LinearSpec linear, LinearOption choice)
    {
        KeyBuilder key = task.AddTo(new KeyBuilder(Name, Version), block, linear);
        if (choice?.Quantization is { } quantization)
        {
            key.Add("bits", quantization.Bits).Add("groupSize", quantization.GroupSize).Add("rounding", RoundingVersion);
        }

        return choice switch
        {
            DictionaryOption dictionary => key.Add("form", choice.Form).Add("k", dictionary.K).Add("s", dictionary.S).Build(),
            SparseOption sparse => key.Add("form", choice.Form).Add("kept", sparse.NonZeros).Build(),
            DenseOption => key.Add("form", choice.Form).Build(),
            _ => throw new UnreachableException($"The form '{choice?.Form}'."),
        };
    }

    /// <summary>Makes the factors unless they are there.</summary>
    /// <returns>Whether they had to be made.</returns>
    public bool Ensure(BlockSpec block, LinearSpec linear, LinearOption choice)
        => context.Obtain(KeyOf(block, linear, choice), new ActionLabel(Name, model), () => Run(block, linear, choice)).Computed;

    /// <inheritdoc/>
    public string Factors(BlockSpec block, LinearSpec linear, LinearOption choice) => Obtain(block, linear, choice, FactorsFile);

    /// <inheritdoc/>
    public FactorizationResult Result(BlockSpec block, LinearSpec linear, LinearOption choice)
    {
        ArgumentNullException.ThrowIfNull(linear);
        return FactorFile.Parse(Obtain(block, linear, choice, ResultFile), linear.Key);
    }

    private string Obtain(BlockSpec block, LinearSpec linear, LinearOption choice, string output)
        => context.ObtainFile(KeyOf(block, linear, choice), new ActionLabel(Name, model), output, () => Run(block, linear, choice));

    private IEnumerable<OutputFile> Run(BlockSpec block, LinearSpec linear, LinearOption choice)
    {
        context.RequireRuntime();
        using ILinearFactorizer factorizer = task.Prepare(block, linear, waypoints: PathWaypoints.Of(context, model, task, block, linear))
            ?? throw new InvalidOperationException($"'{linear.Key}' has no moments: its profile offers only the dense option.");
        (LinearFactors factors, FactorizationErrors errors) = factorizer.Factorize(choice);
        return
        [
            context.Put(FactorsFile, stream => FactorFile.Write(stream, linear.Key, factors)),
            context.Put(ResultFile, FactorFile.Format(factors, errors)),
        ];
    }
}
