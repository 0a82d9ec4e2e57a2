using System.Runtime.InteropServices;
using Rocket.Models.Checkpoints;
using Rocket.Pipeline.Caching;
using Rocket.Tool.Tests.Builds;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.BadInput;

/// <summary>Gram matrices that cannot be factored as they are.</summary>
public sealed class BadMomentsTests(BuiltStories built)
{
    [Fact]
    public void A_Gram_matrix_with_negative_eigenvalues_is_refused()
    {
        using var project = new BadInputProject(built);
        BuildTests.CopyFolder(built.Cache, project.Folder.At("cache"));
        NegateMoments(project.Folder.At("cache"));

        // Profiles of another grid are not in the cache: they read the moments.
        string manifest = Stories.WriteManifest(project.Folder, [30]);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("grid: {", "grid: { shares: { from: 0.1, to: 0.5, step: 0.1 },", StringComparison.Ordinal));
        project.AssertRefused("rocket: error RKT3010: The Gram matrix of 'model.layers.");
    }

    [Fact]
    public void A_Gram_matrix_of_fewer_tokens_than_features_is_shifted_and_builds()
    {
        using var folder = new TemporaryFolder();
        string manifest = Stories.WriteManifest(folder, [20], samples: 1, evaluate: true);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("sequenceLength: 128\n    grid", "sequenceLength: 32\n    grid", StringComparison.Ordinal));
        var report = RocketTool.RunJson(folder.Path, folder.At("cache"), "build");
        Assert.True(double.IsFinite((double)report["models"]![0]!["budgets"]![0]!["texts"]![0]!["nll"]!));
    }

    // Consistently: blob, digest and action agree, so that only the numbers are wrong.
    private static void NegateMoments(string cache)
    {
        using Store store = Store.Open(cache);
        foreach (StoreEntry entry in store.List().Where(entry => entry.Kind == StoreEntryKind.Action && entry.Label?.Stage == "calibrate"))
        {
            ActionResult result = store.TryGetAction(entry.Name)!;
            if (result.Find("moments.safetensors") is { } moments)
            {
                (Digest digest, long size) = store.PutBlob(Negated(store.TryGetBlob(moments.Digest, moments.Size)!));
                OutputFile[] others = [.. result.OutputFiles.Where(file => file != moments)];
                store.PutAction(entry.Name, result with { OutputFiles = [new OutputFile(moments.Path, digest, size), .. others] });
            }
        }
    }

    private static byte[] Negated(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using var stream = new MemoryStream();
        using (var writer = new SafetensorsWriter(stream, file.Tensors))
        {
            foreach (TensorInfo tensor in file.Tensors)
            {
                byte[] bytes = file.Get(tensor.Name).Bytes.ToArray();
                if (tensor.Type == TensorType.F64)
                {
                    Span<double> values = MemoryMarshal.Cast<byte, double>(bytes.AsSpan());
                    for (int i = 0; i < values.Length; i++)
                    {
                        values[i] = -values[i];
                    }
                }

                writer.Write(tensor.Name, bytes);
            }

            writer.Complete();
        }

        return stream.ToArray();
    }
}
