using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;

namespace Rocket.Quality;

/// <summary>A model folder of which one linear alone is compressed: the factors lie in an artifact that has others compressed too, all else in the source. Not for parts of fused weights.</summary>
internal static class SingleLinear
{
    private const string Config = "config.json";
    private const string Weights = "model.safetensors";
    private const string OfArtifact = "artifact.safetensors";
    private const string OfSource = "source-";

    /// <summary>Lays the folder out: descriptions are written, weights linked.</summary>
    /// <param name="folder">Where; what is there is replaced.</param>
    /// <param name="source">The dense model's folder.</param>
    /// <param name="artifact">The artifact's folder.</param>
    /// <param name="linear">The linear's key.</param>
    public static void Write(string folder, string source, string artifact, string linear)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(artifact).Where(file => Path.GetFileName(file) is not (Config or Weights)))
        {
            Link(folder, Path.GetFileName(file), file);
        }

        Link(folder, OfArtifact, Path.Combine(artifact, Weights));
        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(artifact, Config)))!.AsObject();
        JsonObject linears = config["rocket"]!["linears"]!.AsObject();
        linears.Select(entry => entry.Key).Where(key => key != linear).ToList().ForEach(key => linears.Remove(key));
        File.WriteAllText(Path.Combine(folder, Config), config.ToJsonString());
        using Checkpoint dense = Checkpoint.Open(source);
        using Checkpoint compressed = Checkpoint.Open(artifact);
        dense.Files.ToList().ForEach(file => Link(folder, NameOf(file), file));
        var map = new JsonObject();
        foreach (TensorInfo tensor in dense.Tensors.Where(tensor => tensor.Name != linear + ".weight"))
        {
            map[tensor.Name] = NameOf(dense.FileOf(tensor.Name));
        }

        foreach (TensorInfo tensor in compressed.Tensors.Where(tensor => tensor.Name.StartsWith(linear + ".", StringComparison.Ordinal)))
        {
            map[tensor.Name] = OfArtifact;
        }

        File.WriteAllText(Path.Combine(folder, Weights + ".index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());
    }

    private static string NameOf(string file) => OfSource + Path.GetFileName(file);

    private static void Link(string folder, string name, string target) => File.CreateSymbolicLink(Path.Combine(folder, name), Path.GetFullPath(target));
}
