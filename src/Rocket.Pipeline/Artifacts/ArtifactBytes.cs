using System.Collections.Immutable;
using System.Globalization;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;

namespace Rocket.Pipeline.Artifacts;

/// <summary>Foretells the bytes of an artifact's safetensors files, headers, masks and the fixed part included.</summary>
/// <param name="tensors">The source's tensors.</param>
/// <param name="linears">The candidates of a plan.</param>
internal sealed class ArtifactBytes(ImmutableArray<TensorInfo> tensors, ImmutableArray<LinearSpec> linears)
{
    private readonly Dictionary<string, TensorType> _types = tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Type, StringComparer.Ordinal);

    /// <summary>The length of the files, to the byte, of factors of which no coefficient rounds to zero; one that does makes them shorter.</summary>
    /// <param name="plan">The linears of a plan with their forms; null: dense.</param>
    public long Of(IReadOnlyList<(LinearSpec Linear, FactoredLinear? Factors)> plan) => ShardedWriter.LengthOf(Tensors(plan));

    /// <summary>The tensors of an artifact.</summary>
    /// <param name="plan">The linears of a plan with their forms; null: dense.</param>
    public IEnumerable<TensorInfo> Tensors(IReadOnlyList<(LinearSpec Linear, FactoredLinear? Factors)> plan)
    {
        HashSet<string> touched = [.. plan.Where(entry => entry.Factors is not null).Select(entry => entry.Linear.Tensor)];
        return tensors.Where(tensor => !touched.Contains(tensor.Name))
            .Concat(plan.Where(entry => touched.Contains(entry.Linear.Tensor)).SelectMany(entry => TensorsOf(entry.Linear, entry.Factors)));
    }

    /// <summary>What is there whatever the plan, at most, under a limit: other tensors with their entries, and headers.</summary>
    public long FixedPart(long limit)
    {
        HashSet<string> own = [.. linears.Select(linear => linear.Tensor)];

        // Two neighbouring files hold more than one shard's bytes together.
        long files = limit <= ShardedWriter.DefaultShardBytes ? 1 : (2 * limit / ShardedWriter.DefaultShardBytes) + 1;
        return (files * ShardedWriter.HeaderOverhead) + tensors.Where(tensor => !own.Contains(tensor.Name)).Sum(tensor => Length(tensor, limit));
    }

    /// <summary>What a linear takes, at most, in files that stay within a limit: its tensors, and their entries with offsets as long as the limit.</summary>
    public long Weight(int linear, FactoredLinear? factors, long limit) => TensorsOf(linears[linear], factors).Sum(tensor => Length(tensor, limit));

    /// <summary>Bytes of a linear's tensors alone; none of an embedding or a head, which are no block's.</summary>
    public long TensorBytes(int linear, FactoredLinear? factors) => linears[linear].IsOfVocabulary ? 0 : TensorsOf(linears[linear], factors).Sum(tensor => tensor.ByteLength);

    private static long Length(TensorInfo tensor, long limit)
        => tensor.ByteLength + SafetensorsWriter.EntryLength(tensor, limit.ToString(CultureInfo.InvariantCulture).Length);

    private IEnumerable<TensorInfo> TensorsOf(LinearSpec linear, FactoredLinear? factors)
        => factors is null ? [new TensorInfo(linear.Key + ".weight", _types[linear.Tensor], [linear.DOut, linear.DIn])] : factors.Tensors(linear.Key);
}
