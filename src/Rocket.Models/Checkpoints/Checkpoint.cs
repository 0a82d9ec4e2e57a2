using System.Collections.Frozen;
using System.Collections.Immutable;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Checkpoints;

/// <summary>All weights of a model folder: <c>model.safetensors</c>, or the shards that <c>model.safetensors.index.json</c> names.</summary>
public sealed class Checkpoint : IDisposable
{
    private const string SingleFile = "model.safetensors";
    private const string IndexFile = "model.safetensors.index.json";

    private readonly ImmutableArray<SafetensorsFile> _files;
    private readonly FrozenDictionary<string, SafetensorsFile> _fileOf;

    private Checkpoint(string folder, ImmutableArray<SafetensorsFile> files, IEnumerable<(TensorInfo Tensor, SafetensorsFile File)> tensors)
    {
        Folder = folder;
        _files = files;
        Files = [.. files.Select(file => file.Path)];
        var ordered = tensors.OrderBy(entry => entry.Tensor.Name, StringComparer.Ordinal).ToArray();
        Tensors = [.. ordered.Select(entry => entry.Tensor)];
        _fileOf = ordered.ToFrozenDictionary(entry => entry.Tensor.Name, entry => entry.File, StringComparer.Ordinal);
    }

    /// <summary>Names of the files by which <see cref="Open"/> finds the weights, whether they are there or not.</summary>
    public static IReadOnlyList<string> CandidateFiles { get; } = [SingleFile, IndexFile];

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>The tensors of all files, ordinal by name.</summary>
    public ImmutableArray<TensorInfo> Tensors { get; }

    /// <summary>Full paths of the weight files, ordinal by name.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Opens the weights of a model folder.</summary>
    /// <exception cref="RocketException">RKT2101 to RKT2116: there are none, or they are not sound.</exception>
    public static Checkpoint Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        folder = Path.GetFullPath(folder);
        string single = Path.Combine(folder, SingleFile);
        if (File.Exists(single))
        {
            var file = SafetensorsFile.Open(single);
            return new Checkpoint(folder, [file], file.Tensors.Select(tensor => (tensor, file)));
        }

        string index = Path.Combine(folder, IndexFile);
        return File.Exists(index) ? OpenShards(folder, index) : throw CheckpointErrors.NoWeights(folder);
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => _fileOf.ContainsKey(name);

    /// <summary>The bytes of a tensor.</summary>
    /// <exception cref="RocketException">RKT2117: there is none of this name.</exception>
    public TensorView Get(string name) => Find(name).Get(name);

    /// <summary>Full path of the file that holds a tensor.</summary>
    /// <exception cref="RocketException">RKT2117: there is none of this name.</exception>
    public string FileOf(string name) => Find(name).Path;

    /// <summary>Takes the maps' pages out of the process's resident memory; the next read brings them back from the page cache.</summary>
    public void DropResidentPages()
    {
        foreach (var file in _files)
        {
            file.DropResidentPages();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }
    }

    private static Checkpoint OpenShards(string folder, string indexPath)
    {
        var index = ShardIndex.Read(indexPath);
        var opened = new SortedDictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        try
        {
            var tensors = new List<(TensorInfo, SafetensorsFile)>();
            foreach (var shard in index.Shards)
            {
                string path = Path.Combine(folder, shard.Key);
                if (!File.Exists(path))
                {
                    throw CheckpointErrors.MissingShard(indexPath, shard.Key);
                }

                var file = SafetensorsFile.Open(path);
                opened.Add(shard.Key, file);
                var held = file.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
                foreach (string name in shard.Value)
                {
                    tensors.Add(held.TryGetValue(name, out var tensor)
                        ? (tensor, file)
                        : throw CheckpointErrors.MissingFromShard(indexPath, name, shard.Key));
                }
            }

            return new Checkpoint(folder, [.. opened.Values], tensors);
        }
        catch (RocketException)
        {
            foreach (var file in opened.Values)
            {
                file.Dispose();
            }

            throw;
        }
    }

    private SafetensorsFile Find(string name)
        => _fileOf.TryGetValue(name, out var file)
            ? file
            : throw CheckpointErrors.MissingTensor(_files.Length == 1 ? _files[0].Path : Path.Combine(Folder, IndexFile), name);
}
