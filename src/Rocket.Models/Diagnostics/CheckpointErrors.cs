using System.Globalization;
using Rocket.Models.Checkpoints;

namespace Rocket.Models.Diagnostics;

/// <summary>Errors of weight files, codes RKT2101 to RKT2149.</summary>
public static class CheckpointErrors
{
    private const string DownloadAgain = "Download or copy the file again.";

    /// <summary>RKT2101: a folder without weights.</summary>
    public static RocketException NoWeights(string folder)
        => Error("RKT2101", folder, $"\"{folder}\" holds neither model.safetensors nor model.safetensors.index.json. Point to the folder of a model saved as safetensors; convert pytorch_model.bin first.");

    /// <summary>RKT2102: a file that cannot be read.</summary>
    public static RocketException Unreadable(string file, Exception cause)
        => new("RKT2102", $"\"{file}\" cannot be read: {cause.Message} Check that it exists and that you may read it.", new SourceLocation(file), cause);

    /// <summary>RKT2103: a file that ends before its header or its tensors do.</summary>
    public static RocketException Truncated(string file, long needed, long length)
        => Error("RKT2103", file, Invariant($"The file is cut off: it needs {needed} bytes and has {length}. {DownloadAgain}"));

    /// <summary>RKT2104: a header longer than the format allows.</summary>
    public static RocketException HeaderTooLong(string file, ulong length, long limit)
        => Error("RKT2104", file, Invariant($"The header claims {length} bytes; at most {limit} are allowed. This is no safetensors file or a damaged one. {DownloadAgain}"));

    /// <summary>RKT2105: text that is not JSON.</summary>
    public static RocketException InvalidJson(string file, Exception cause)
        => new("RKT2105", $"Invalid JSON: {cause.Message} {DownloadAgain}", new SourceLocation(file), cause);

    /// <summary>RKT2106: JSON that is not a safetensors header or a shard index.</summary>
    public static RocketException Malformed(string file, string entry, string expected)
        => Error("RKT2106", file, $"The entry \"{entry}\" is not {expected}. {DownloadAgain}");

    /// <summary>RKT2107: an element type that is not known.</summary>
    public static RocketException UnknownType(string file, string tensor, string type)
        => Error("RKT2107", file, $"Tensor \"{tensor}\" has the unknown type \"{type}\". Known are {string.Join(", ", TensorTypes.KnownNames)}; convert the model to one of them.");

    /// <summary>RKT2108: a shape with a negative size or one whose bytes do not fit 64 bits.</summary>
    public static RocketException InvalidShape(string file, string tensor, string shape)
        => Error("RKT2108", file, $"Tensor \"{tensor}\" has the impossible shape {shape}. Sizes are integers from 0 and their product fits 63 bits. {DownloadAgain}");

    /// <summary>RKT2109: offsets that do not lie in the file.</summary>
    public static RocketException OutsideFile(string file, string tensor, string offsets, long dataLength)
        => Error("RKT2109", file, Invariant($"Tensor \"{tensor}\" should lie at {offsets}, and the file has {dataLength} bytes of data: it is cut off, or its header is damaged. {DownloadAgain}"));

    /// <summary>RKT2110: two tensors that share bytes.</summary>
    public static RocketException Overlapping(string file, string first, string second)
        => Error("RKT2110", file, $"Tensors \"{first}\" and \"{second}\" overlap. {DownloadAgain}");

    /// <summary>RKT2111: bytes that belong to no tensor.</summary>
    public static RocketException Hole(string file, long begin, long end)
        => Error("RKT2111", file, Invariant($"Bytes {begin} to {end} of the data belong to no tensor. {DownloadAgain}"));

    /// <summary>RKT2112: offsets that do not fit shape and type.</summary>
    public static RocketException SizeMismatch(string file, TensorInfo tensor, long byteLength)
        => Error("RKT2112", file, Invariant($"Tensor \"{tensor.Name}\" needs {tensor.ByteLength} bytes for {tensor.Type.SafetensorsName()} [{string.Join(", ", tensor.Shape)}] and has {byteLength}. {DownloadAgain}"));

    /// <summary>RKT2113: a tensor that is named twice.</summary>
    public static RocketException Duplicate(string file, string tensor)
        => Error("RKT2113", file, $"Tensor \"{tensor}\" is named twice. {DownloadAgain}");

    /// <summary>RKT2114: the index names a shard that is not there.</summary>
    public static RocketException MissingShard(string index, string shard)
        => Error("RKT2114", index, $"The index names the shard \"{shard}\", which is not in its folder. Download the missing file.");

    /// <summary>RKT2115: the index places a tensor in a shard that does not hold it.</summary>
    public static RocketException MissingFromShard(string index, string tensor, string shard)
        => Error("RKT2115", index, $"The index places tensor \"{tensor}\" in \"{shard}\", which does not hold it. Download index and shards of one revision.");

    /// <summary>RKT2116: a shard path that leads out of the model's folder.</summary>
    public static RocketException ShardOutsideFolder(string index, string shard)
        => Error("RKT2116", index, $"The index names the shard \"{shard}\", which is not a path within the model's folder. Do not use this model unless you trust its origin.");

    /// <summary>RKT2117: a tensor that is needed and not there.</summary>
    public static RocketException MissingTensor(string file, string tensor)
        => Error("RKT2117", file, $"There is no tensor \"{tensor}\". Check that config.json and weights belong to the same model.");

    /// <summary>RKT2118: a weight with NaN or infinity.</summary>
    public static RocketException NotFinite(string tensor, string file)
        => Error("RKT2118", file, $"Tensor \"{tensor}\" holds NaN or infinite values. Use a sound checkpoint: such a model computes nothing.");

    private static RocketException Error(string code, string file, string message) => new(code, message, new SourceLocation(file));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
