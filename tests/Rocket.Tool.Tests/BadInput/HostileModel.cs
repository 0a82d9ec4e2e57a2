using System.Buffers.Binary;
using System.Text;
using Rocket.Tool.Tests.Builds;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.BadInput;

/// <summary>Copies of the 260K model that something is wrong with.</summary>
internal static class HostileModel
{
    /// <summary>Writes a model folder whose weights are changed.</summary>
    public static string Create(TemporaryFolder folder, Func<byte[], byte[]> change)
    {
        string model = folder.At("model");
        BuildTests.CopyFolder(Stories.Source, model);
        string weights = Path.Combine(model, "model.safetensors");
        byte[] bytes = change(File.ReadAllBytes(weights));
        File.Delete(weights);
        File.WriteAllBytes(weights, bytes);
        return model;
    }

    /// <summary>Writes a model folder whose config.json is changed.</summary>
    public static string WithConfig(TemporaryFolder folder, string old, string replacement)
    {
        string model = Create(folder, bytes => bytes);
        string config = Path.Combine(model, "config.json");
        string text = File.ReadAllText(config);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.Delete(config);
        File.WriteAllText(config, text.Replace(old, replacement, StringComparison.Ordinal));
        return model;
    }

    /// <summary>Ends in the middle of the tensors.</summary>
    public static byte[] Truncated(byte[] file) => file[..(file.Length / 2)];

    /// <summary>Ends in the middle of the header.</summary>
    public static byte[] CutInHeader(byte[] file) => file[..100];

    /// <summary>Claims a header of 10 GB.</summary>
    public static byte[] HugeHeader(byte[] file)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(file, 10_000_000_000);
        return file;
    }

    /// <summary>Has one tensor that lies outside of the file.</summary>
    public static byte[] OutsideFile(byte[] file) => Assemble("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[4096,4112]}}", 16);

    /// <summary>Has two tensors that share bytes.</summary>
    public static byte[] Overlapping(byte[] file) => Assemble(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]},\"b\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[8,24]}}", 24);

    /// <summary>Ends in a NaN.</summary>
    public static byte[] NotFinite(byte[] file)
    {
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(file.Length - sizeof(float)), float.NaN);
        return file;
    }

    /// <summary>Has a tensor whose name would colour a terminal.</summary>
    public static byte[] ColouredName(byte[] file) => Assemble("{\"a\\u001b[31m\":{\"dtype\":\"F99\",\"shape\":[4],\"data_offsets\":[0,16]}}", 16);

    private static byte[] Assemble(string header, int dataLength)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[sizeof(ulong) + text.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)text.Length);
        text.CopyTo(file, sizeof(ulong));
        return file;
    }
}
