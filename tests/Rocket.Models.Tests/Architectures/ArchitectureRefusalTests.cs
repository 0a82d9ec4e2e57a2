using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;
using Rocket.Models.Factors;
using Rocket.Models.Tests.Checkpoints;

namespace Rocket.Models.Tests.Architectures;

public sealed class ArchitectureRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_unknown_family_is_refused_and_named()
    {
        var refusal = Refused("RKT2201", ("model_type", "\"mamba\""));
        Assert.Contains("\"mamba\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("llama, qwen2", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("config.json", refusal.Location?.File);
    }

    [Fact]
    public void A_missing_configuration_is_refused()
        => Assert.Equal("RKT2202", Assert.Throws<RocketException>(() => Architecture.Read(_folder.At("config.json"))).Code);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"model_type":"llama","model_type":"llama"}""")]
    [InlineData("""{"model_type":"\ud800"}""")]
    public void What_is_no_object_of_JSON_is_refused(string json)
        => Assert.Equal("RKT2203", Assert.Throws<RocketException>(() => Architecture.Parse(json, "config.json")).Code);

    [Theory]
    [InlineData("model_type")]
    [InlineData("hidden_size")]
    [InlineData("num_hidden_layers")]
    [InlineData("num_attention_heads")]
    [InlineData("intermediate_size")]
    [InlineData("vocab_size")]
    public void A_missing_key_is_refused_and_named(string key)
        => Assert.Contains($"\"{key}\"", Refused("RKT2204", (key, null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("hidden_size", "\"32\"")]
    [InlineData("model_type", "3")]
    [InlineData("tie_word_embeddings", "1")]
    [InlineData("rms_norm_eps", "\"1e-5\"")]
    [InlineData("rope_parameters", "[]")]
    [InlineData("hidden_act", "{}")]
    public void A_wrong_type_is_refused(string key, string value) => Refused("RKT2205", (key, value));

    [Theory]
    [InlineData("hidden_size", "-32")]
    [InlineData("hidden_size", "0")]
    [InlineData("hidden_size", "32.5")]
    [InlineData("num_hidden_layers", "1000000000")]
    [InlineData("num_hidden_layers", "99999999999999999999")]
    [InlineData("head_dim", "1000000000")]
    [InlineData("vocab_size", "2000000000")]
    [InlineData("rms_norm_eps", "1e-999")]
    [InlineData("rope_theta", "1e999")]
    [InlineData("rope_theta", "-1")]
    public void A_number_out_of_range_is_refused(string key, string value) => Refused("RKT2206", (key, value));

    [Theory]
    [InlineData("num_key_value_heads", "3")]
    [InlineData("num_attention_heads", "6")]
    [InlineData("head_dim", "7")]
    public void Sizes_that_do_not_divide_are_refused(string key, string value) => Refused("RKT2207", (key, value), ("num_key_value_heads", key == "num_key_value_heads" ? value : null));

    [Theory]
    [InlineData("hidden_act", "\"relu2\"")]
    [InlineData("rope_scaling", """{"rope_type":"yarn","factor":4}""")]
    [InlineData("rope_parameters", """{"rope_type":"proportional"}""")]
    [InlineData("partial_rotary_factor", "0.5")]
    [InlineData("quantization_config", "{\n  \"bits\": 4\n}")]
    public void An_unsupported_feature_is_refused(string key, string value)
    {
        var refusal = Refused("RKT2209", (key, value));
        Assert.Contains("is not supported", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("qwen2", "layer_types", """["linear_attention","full_attention"]""", "RKT2209")]
    [InlineData("qwen2", "layer_types", """["full_attention"]""", "RKT2208")]
    [InlineData("qwen2", "layer_types", """["sliding_attention","full_attention"]""", "RKT2204")]
    [InlineData("smollm3", "no_rope_layers", "[1]", "RKT2208")]
    [InlineData("smollm3", "no_rope_layers", "[1,true]", "RKT2205")]
    [InlineData("gemma3_text", "use_bidirectional_attention", "true", "RKT2209")]
    [InlineData("gemma3_text", "attn_logit_softcapping", "50.0", "RKT2209")]
    [InlineData("phi3", "mlp_bias", "true", "RKT2209")]
    [InlineData("phi3", "rope_scaling", """{"type":"longrope","short_factor":[1],"long_factor":[1],"original_max_position_embeddings":8}""", "RKT2208")]
    [InlineData("mixtral", "num_local_experts", "1000000000", "RKT2206")]
    [InlineData("mixtral", "num_experts_per_tok", "9", "RKT2206")]
    [InlineData("qwen3_moe", "decoder_sparse_step", "0", "RKT2206")]
    public void A_family_refuses_what_it_cannot_be(string family, string key, string value, string code)
        => Refused(code, ("model_type", $"\"{family}\""), (key, value), ("use_sliding_window", "false"), ("head_dim", "8"));

    [Fact]
    public void Llama3_scaling_needs_bands_in_order()
        => Refused("RKT2206", ("rope_scaling", """{"rope_type":"llama3","factor":8,"low_freq_factor":4,"high_freq_factor":4,"original_max_position_embeddings":64}"""));

    [Fact]
    public void A_bias_that_is_not_there_is_refused()
        => Assert.Equal("RKT2117", Validated(TensorType.F32, 0, ("attention_bias", "true")));

    [Fact]
    public void A_weight_of_another_shape_is_refused() => Assert.Equal("RKT2210", Validated(TensorType.F32, 1));

    [Fact]
    public void A_quantized_weight_is_refused() => Assert.Equal("RKT2211", Validated(TensorType.I8, 0));

    [Fact]
    public void What_an_artifact_has_factored_needs_no_dense_tensor_and_all_else_does()
    {
        string factored = "model.layers.0.mlp.down_proj";
        var section = new RocketSection([KeyValuePair.Create(factored, new FactoredLinear(LinearForm.Dictionary, 64, 32, 8, 100, TensorType.F32))]);
        var spec = Architecture.Parse(Config(), "config.json");
        WriteZeros(Architecture.Tensors(spec).Where(tensor => tensor.Name != factored + ".weight"));
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Architecture.Validate(spec, checkpoint, section);
        Assert.Equal("RKT2117", Assert.Throws<RocketException>(() => Architecture.Validate(spec, checkpoint)).Code);
        var wider = Architecture.Parse(Config(("vocab_size", "513")), "config.json");
        Assert.Equal("RKT2210", Assert.Throws<RocketException>(() => Architecture.Validate(wider, checkpoint, section)).Code);
    }

    [Fact]
    public void A_dense_part_of_a_fused_weight_stands_alone_where_another_part_is_factored()
    {
        string fused = "model.layers.0.mlp.gate_up_proj";
        var section = new RocketSection([KeyValuePair.Create(fused + ".1", new FactoredLinear(LinearForm.Dictionary, 32, 64, 8, 100, TensorType.F32))]);
        var spec = Architecture.Parse(Config(("model_type", "\"phi3\"")), "config.json");
        WriteZeros(Architecture.Tensors(spec).Select(tensor => tensor.Name == fused + ".weight" ? (fused + ".0.weight", [64, 32]) : tensor));
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Architecture.Validate(spec, checkpoint, section);
        Assert.Equal("RKT2117", Assert.Throws<RocketException>(() => Architecture.Validate(spec, checkpoint)).Code);
    }

    [Fact]
    public void A_fused_weight_that_is_factored_as_one_needs_no_dense_tensor()
    {
        string fused = "model.layers.0.mlp.gate_up_proj";
        var section = new RocketSection([KeyValuePair.Create(fused, new FactoredLinear(LinearForm.Dictionary, 32, 128, 8, 100, TensorType.F32))]);
        var spec = Architecture.Parse(Config(("model_type", "\"phi3\"")), "config.json");
        WriteZeros(Architecture.Tensors(spec).Where(tensor => tensor.Name != fused + ".weight"));
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Architecture.Validate(spec, checkpoint, section);
        Assert.Equal("RKT2117", Assert.Throws<RocketException>(() => Architecture.Validate(spec, checkpoint)).Code);
    }

    [Fact]
    public void The_fused_weights_of_a_block_hold_its_linears_row_by_row()
    {
        BlockSpec block = Architecture.Parse(Config(("model_type", "\"phi3\"")), "config.json").Blocks[0];
        FusedWeight[] fused = [.. block.FusedWeights];
        Assert.Equal(["model.layers.0.self_attn.qkv_proj", "model.layers.0.mlp.gate_up_proj"], fused.Select(weight => weight.Whole.Key));
        Assert.Equal([3, 2], fused.Select(weight => weight.Parts.Length));
        Assert.All(fused, weight => Assert.Equal(weight.Whole.Parameters, weight.Parts.Sum(part => part.Parameters)));
        Assert.All(fused, weight => Assert.All(weight.Parts, part => Assert.Equal(weight.Whole, part.Whole)));
        Assert.Empty(Architecture.Parse(Config(), "config.json").Blocks[0].FusedWeights);
    }

    private void WriteZeros(IEnumerable<(string Name, long[] Shape)> tensors)
    {
        var infos = tensors.Select(tensor => new TensorInfo(tensor.Name, TensorType.F32, [.. tensor.Shape]));
        _folder.Write("model.safetensors", SafetensorsBytes.Of([.. infos.Select(tensor => (tensor, new byte[tensor.ByteLength]))]));
    }

    private string Validated(TensorType type, long extraRows, params (string Key, string? Value)[] changes)
    {
        var tensors = Architecture.Tensors(Architecture.Parse(Config(), "config.json"))
            .Select(tensor => new TensorInfo(tensor.Name, type, [tensor.Shape[0] + extraRows, .. tensor.Shape[1..]]));
        _folder.Write("model.safetensors", SafetensorsBytes.Of([.. tensors.Select(tensor => (tensor, new byte[tensor.ByteLength]))]));
        using var checkpoint = Checkpoint.Open(_folder.Path);
        var spec = Architecture.Parse(Config(changes), "config.json");
        return Assert.Throws<RocketException>(() => Architecture.Validate(spec, checkpoint)).Code;
    }

    private static RocketException Refused(string code, params (string Key, string? Value)[] changes)
    {
        var refusal = Assert.Throws<RocketException>(() => Architecture.Parse(Config(changes), "config.json"));
        Assert.Equal(code, refusal.Code);
        return refusal;
    }

    private static string Config(params (string Key, string? Value)[] changes)
    {
        var config = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["model_type"] = "\"llama\"",
            ["hidden_size"] = "32",
            ["intermediate_size"] = "64",
            ["num_hidden_layers"] = "2",
            ["num_attention_heads"] = "4",
            ["num_key_value_heads"] = "2",
            ["vocab_size"] = "128",
        };
        foreach (var (key, value) in changes)
        {
            if (value is null)
            {
                config.Remove(key);
            }
            else
            {
                config[key] = value;
            }
        }

        return "{" + string.Join(",", config.Select(entry => $"\"{entry.Key}\":{entry.Value}")) + "}";
    }
}
