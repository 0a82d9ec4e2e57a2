using System.Text.Json.Nodes;
using Rocket.Inference.Tests.Execution;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;
using Rocket.Models.Factors;

namespace Rocket.Inference.Tests.Weights;

/// <summary>Damaged artifacts: every kind of damage has a code of its own and never a crash.</summary>
public sealed class GoldenDamageTests
{
    public static TheoryData<string> Models() => [.. GoldenFolder.Names()];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_tensor_that_is_missing_or_cut_off_or_of_another_shape_is_refused(string name) => AssertShapesAreChecked(name, null);

    [Theory]
    [MemberData(nameof(Models))]
    public void A_tensor_of_codes_that_is_missing_or_cut_off_or_of_another_shape_is_refused(string name) => AssertShapesAreChecked(name, new Quantization(4, 32));

    [Theory]
    [MemberData(nameof(Models))]
    public void Codes_that_go_on_behind_the_last_one_are_refused(string name)
    {
        using var golden = new GoldenFolder(name);
        using var artifact = new MixedArtifact(golden.Path, TensorType.BF16, new Quantization(3, 32));
        int refused = 0;
        foreach (string tensor in artifact.TensorNames.ToArray())
        {
            string suffix = tensor[(tensor.LastIndexOf('.') + 1)..];
            if (suffix is not ("values" or "zero" or "dictionary" or "dictionary_zero"))
            {
                continue;
            }

            // Where the last byte holds codes alone, nothing is wrong with it.
            artifact.Change(tensor, (info, bytes) =>
            {
                bytes[^1] = 0xFF;
                return (info, bytes);
            });
            try
            {
                RocketModel.Load(artifact.Path).Dispose();
            }
            catch (RocketException exception)
            {
                Assert.Equal("RKT8009", exception.Code);
                Assert.Contains(tensor, exception.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.True(refused > 0);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_scale_that_is_not_a_number_is_named_at_the_first_logits(string name)
    {
        using var golden = new GoldenFolder(name);
        using var artifact = new MixedArtifact(golden.Path, TensorType.BF16, new Quantization(5, 32));
        string[] scales = [.. artifact.TensorNames.Where(tensor => tensor.EndsWith("scale", StringComparison.Ordinal) && !tensor.Contains("experts", StringComparison.Ordinal) && !tensor.Contains("embed", StringComparison.Ordinal))];
        Assert.NotEmpty(scales);
        foreach (string tensor in scales)
        {
            artifact.Change(tensor, (info, bytes) =>
            {
                bytes.AsSpan().Fill(0xFF);
                return (info, bytes);
            });
            using RocketModel model = RocketModel.Load(artifact.Path, new RocketOptions { Threads = 1 });
            using InferenceSession session = model.CreateSession();
            RocketException exception = Assert.Throws<RocketException>(() => { session.Append(golden.Sequences[0].AsSpan(0, 3)); });
            Assert.Equal("RKT8005", exception.Code);
            Assert.Contains(tensor, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_embedding_with_elements_removed_is_refused()
    {
        using var golden = new GoldenFolder(GoldenFolder.Names()[0]);
        using var artifact = new MixedArtifact(golden.Path, TensorType.BF16, new Quantization(4, 32));
        string config = Path.Combine(artifact.Path, "config.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(config))!.AsObject();
        JsonObject linears = json["rocket"]!["linears"]!.AsObject();
        string embedding = linears.Single(linear => linear.Key.Contains("embed", StringComparison.Ordinal)).Key;
        linears[embedding]!["form"] = "sparse";
        File.WriteAllText(config, json.ToJsonString());
        Assert.Equal("RKT8008", Assert.Throws<RocketException>(() => RocketModel.Load(artifact.Path)).Code);
    }

    private static void AssertShapesAreChecked(string name, Quantization? quantization)
    {
        using var golden = new GoldenFolder(name);
        using var artifact = new MixedArtifact(golden.Path, TensorType.BF16, quantization);
        foreach (string tensor in artifact.TensorNames.ToArray())
        {
            artifact.Change(tensor, (_, _) => null);
            AssertRefused(artifact.Path, "RKT8002", tensor);

            // A row less, and one dimension more.
            artifact.Change(tensor, (info, bytes) =>
            {
                long rows = info.Shape[0] - 1;
                return (info with { Shape = info.Shape.SetItem(0, rows) }, bytes[..(int)(bytes.Length / info.Shape[0] * rows)]);
            });
            AssertRefused(artifact.Path, "RKT8003", tensor);
            artifact.Change(tensor, (info, bytes) => (info with { Shape = info.Shape.Add(1) }, bytes));
            AssertRefused(artifact.Path, "RKT8003", tensor);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_tensor_of_integers_is_refused(string name)
    {
        using var golden = new GoldenFolder(name);
        using var artifact = new MixedArtifact(golden.Path, TensorType.F16);
        foreach (string tensor in artifact.TensorNames.ToArray())
        {
            artifact.Change(tensor, (info, bytes) => (info with { Type = info.Type.ByteSize() switch { 1 => TensorType.I8, 2 => TensorType.I16, 4 => TensorType.I32, _ => TensorType.I64 } }, bytes));
            AssertRefused(artifact.Path, "RKT8003", tensor);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_mask_with_a_bit_more_or_less_or_behind_the_last_column_is_refused(string name)
    {
        using var golden = new GoldenFolder(name);
        using var artifact = new MixedArtifact(golden.Path, TensorType.F32);
        foreach (string tensor in artifact.TensorNames.Where(tensor => tensor.EndsWith(FactoredLinear.MaskSuffix, StringComparison.Ordinal)).ToArray())
        {
            artifact.Change(tensor, (info, bytes) =>
            {
                bytes[0] ^= 1;
                return (info, bytes);
            });
            AssertRefused(artifact.Path, "RKT8004", tensor);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_weight_that_is_not_a_number_is_named_at_the_first_logits(string name)
    {
        using var golden = new GoldenFolder(name);
        using var artifact = new MixedArtifact(golden.Path, TensorType.BF16);
        int[] ids = golden.Sequences[0];
        foreach (string tensor in artifact.TensorNames.Where(tensor => artifact.InfoOf(tensor).Type != TensorType.U8 && !tensor.Contains("experts", StringComparison.Ordinal) && !tensor.Contains("embed", StringComparison.Ordinal)).ToArray())
        {
            artifact.Change(tensor, (info, bytes) =>
            {
                bytes.AsSpan().Fill(0xFF);
                return (info, bytes);
            });
            using RocketModel model = RocketModel.Load(artifact.Path, new RocketOptions { Threads = 1 });
            using InferenceSession session = model.CreateSession();
            RocketException exception = Assert.Throws<RocketException>(() => { session.Append(ids.AsSpan(0, 3)); });
            Assert.Equal("RKT8005", exception.Code);
            Assert.Contains(tensor, exception.Message, StringComparison.Ordinal);
            Assert.Equal(0, session.Position);
            Assert.Equal("RKT8005", Assert.Throws<RocketException>(() => model.Score([ids], cancellationToken: TestContext.Current.CancellationToken)).Code);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_file_cut_anywhere_is_refused(string name)
    {
        using var golden = new GoldenFolder(name);
        using var artifact = new MixedArtifact(golden.Path, TensorType.BF16);
        string file = Path.Combine(artifact.Path, "model.safetensors");
        byte[] whole = File.ReadAllBytes(file);
        for (int cut = 0; cut < whole.Length; cut += Math.Max(1, whole.Length / 40))
        {
            File.WriteAllBytes(file, whole[..cut]);
            Assert.Equal("RKT8001", Assert.Throws<RocketException>(() => RocketModel.Load(artifact.Path)).Code);
        }
    }

    [Fact]
    public void A_linear_that_the_model_does_not_have_is_refused()
    {
        using var golden = new GoldenFolder(GoldenFolder.Names()[0]);
        using var artifact = new MixedArtifact(golden.Path, TensorType.BF16);
        string config = Path.Combine(artifact.Path, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("model.layers.0.", "model.layers.90.", StringComparison.Ordinal));
        Assert.StartsWith("RKT800", Assert.Throws<RocketException>(() => RocketModel.Load(artifact.Path)).Code, StringComparison.Ordinal);
    }

    private static void AssertRefused(string folder, string code, string tensor)
    {
        RocketException exception = Assert.Throws<RocketException>(() => RocketModel.Load(folder));
        Assert.True(exception.Code == code && exception.Message.Contains(tensor, StringComparison.Ordinal), $"{tensor}: expected {code}, got {exception.Code}: {exception.Message}");
    }
}
