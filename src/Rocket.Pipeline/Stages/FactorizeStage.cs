using System.Diagnostics;
using System.Text.Json;
using Rocket.Compression.Factorization;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Stages;

/// <summary>Factorizes one linear by the option that a plan chose.</summary>
/// <param name="context">The run.</param>
/// <param name="model">Name of the model.</param>
/// <param name="task">Loads a linear with its moments.</param>
public sealed class FactorizeStage(BuildContext context, string model, LinearTask task)
{
    /// <summary>The stage's name.</summary>
    public const string Name = "factorize";

    private const int Version = 1;
    private const string FactorsFile = "factors.safetensors";
    private const string ResultFile = "result.json";

    /// <summary>Key of a linear's factors: the moments' key, the weight, and the option; not the grid that it came from.</summary>
    public Digest KeyOf(BlockSpec block, LinearSpec linear, LinearOption option)
    {
        KeyBuilder key = task.AddTo(new KeyBuilder(Name, Version), block, linear);
        return option switch
        {
            DictionaryOption dictionary => key.Add("form", option.Form).Add("k", dictionary.K).Add("s", dictionary.S).Build(),
            SparseOption sparse => key.Add("form", option.Form).Add("kept", sparse.NonZeros).Build(),
            _ => throw new UnreachableException($"The form '{option?.Form}'."),
        };
    }

    /// <summary>Makes the factors unless they are there.</summary>
    /// <returns>Whether they had to be made.</returns>
    public bool Ensure(BlockSpec block, LinearSpec linear, LinearOption option)
        => context.Obtain(KeyOf(block, linear, option), new ActionLabel(Name, model), () => Run(block, linear, option)).Computed;

    /// <summary>Path of the factors, a safetensors file with the linear's tensors.</summary>
    public string Factors(BlockSpec block, LinearSpec linear, LinearOption option) => Obtain(block, linear, option, FactorsFile);

    /// <summary>Form, sizes and errors of the factors.</summary>
    public FactorizationResult Result(BlockSpec block, LinearSpec linear, LinearOption option)
        => JsonSerializer.Deserialize<FactorizationResult>(File.ReadAllBytes(Obtain(block, linear, option, ResultFile)))
            ?? throw new InvalidDataException($"The result of '{linear.Key}' is empty.");

    private string Obtain(BlockSpec block, LinearSpec linear, LinearOption option, string output)
        => context.ObtainFile(KeyOf(block, linear, option), new ActionLabel(Name, model), output, () => Run(block, linear, option));

    private IEnumerable<OutputFile> Run(BlockSpec block, LinearSpec linear, LinearOption option)
    {
        context.RequireRuntime();
        using ILinearFactorizer factorizer = task.Prepare(block, linear)
            ?? throw new InvalidOperationException($"'{linear.Key}' has no moments: its profile offers only the dense option.");
        (LinearFactors factors, FactorizationErrors errors) = factorizer.Factorize(option);
        return
        [
            context.Put(FactorsFile, stream => Write(stream, linear.Key, factors)),
            context.Put(ResultFile, JsonSerializer.SerializeToUtf8Bytes(new FactorizationResult(factors.Info, errors))),
        ];
    }

    private static void Write(Stream stream, string name, LinearFactors factors)
    {
        TensorInfo[] tensors = [.. factors.Info.Tensors(name)];
        using var writer = new SafetensorsWriter(stream, SafetensorsWriter.AlignedOrder(tensors));
        foreach (TensorInfo tensor in SafetensorsWriter.AlignedOrder(tensors))
        {
            ReadOnlyMemory<byte> bytes = tensor.Name.EndsWith(FactoredLinear.DictionarySuffix, StringComparison.Ordinal) ? factors.Dictionary
                : tensor.Name.EndsWith(FactoredLinear.MaskSuffix, StringComparison.Ordinal) ? factors.Mask
                : factors.Values;
            writer.Write(tensor.Name, bytes.Span);
        }

        writer.Complete();
    }
}
