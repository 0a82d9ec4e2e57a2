using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Stages;

namespace Rocket.Pipeline.Artifacts;

/// <summary>Writes tensors as one safetensors file, or as shards with an index where they are too large for one.</summary>
/// <param name="context">The run, whose store receives the files.</param>
/// <param name="maxShardBytes">Most bytes of tensors a file.</param>
public sealed class ShardedWriter(BuildContext context, long maxShardBytes = ShardedWriter.DefaultShardBytes)
{
    // Written by save_pretrained as well; loaders in Python look at it.
    private static readonly ImmutableDictionary<string, string> Metadata = ImmutableDictionary<string, string>.Empty.Add("format", "pt");

    /// <summary>Most bytes of tensors a file, where nothing else is said.</summary>
    public const long DefaultShardBytes = 5L << 30;

    /// <summary>Bytes of a file's header beside its tensors' entries, at most: length, braces, metadata, padding.</summary>
    internal static long HeaderOverhead => SafetensorsWriter.FileLength([], Metadata) + sizeof(ulong);

    /// <summary>Bytes of the safetensors files that <see cref="Write"/> would make of these tensors, headers included.</summary>
    internal static long LengthOf(IEnumerable<TensorInfo> tensors) => Split(tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal), tensor => tensor, DefaultShardBytes)
        .Sum(shard => SafetensorsWriter.FileLength(SafetensorsWriter.AlignedOrder(shard), Metadata));

    /// <summary>Writes the tensors in ordinal order of their names.</summary>
    /// <returns>The safetensors files, and the index where there are several.</returns>
    public IEnumerable<OutputFile> Write(IEnumerable<ArtifactTensor> tensors)
    {
        List<List<ArtifactTensor>> shards = Split(tensors.OrderBy(tensor => tensor.Info.Name, StringComparer.Ordinal), tensor => tensor.Info, maxShardBytes);
        var files = new List<OutputFile>();
        var map = new JsonObject();
        for (int i = 0; i < shards.Count; i++)
        {
            string name = shards.Count == 1 ? "model.safetensors" : $"model-{i + 1:00000}-of-{shards.Count:00000}.safetensors";
            files.Add(context.Put(name, stream => WriteFile(stream, shards[i])));
            foreach (ArtifactTensor tensor in shards[i])
            {
                map[tensor.Info.Name] = name;
            }
        }

        if (shards.Count > 1)
        {
            long total = shards.Sum(shard => shard.Sum(tensor => tensor.Info.ByteLength));
            var index = new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = total }, ["weight_map"] = map };
            files.Add(context.Put("model.safetensors.index.json", ArtifactJson.Serialize(index)));
        }

        return files;
    }

    private static void WriteFile(Stream stream, List<ArtifactTensor> tensors)
    {
        Dictionary<string, ArtifactTensor> byName = tensors.ToDictionary(tensor => tensor.Info.Name, StringComparer.Ordinal);
        IReadOnlyList<TensorInfo> order = SafetensorsWriter.AlignedOrder([.. tensors.Select(tensor => tensor.Info)]);
        using var writer = new SafetensorsWriter(stream, order, Metadata);
        foreach (TensorInfo info in order)
        {
            byName[info.Name].Write(writer);
        }

        writer.Complete();
    }

    private static List<List<T>> Split<T>(IEnumerable<T> tensors, Func<T, TensorInfo> infoOf, long maxShardBytes)
    {
        var shards = new List<List<T>> { new() };
        long size = 0;
        foreach (T tensor in tensors)
        {
            long length = infoOf(tensor).ByteLength;
            if (size > 0 && size + length > maxShardBytes)
            {
                shards.Add([]);
                size = 0;
            }

            shards[^1].Add(tensor);
            size += length;
        }

        return shards;
    }
}
