using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LittleStories;

/// <summary>The files of the sample: the model's configuration and weights, the tokenizer, the texts.</summary>
internal sealed class SampleFolder(string root)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where documents end in a text file.</summary>
    private const string Separator = "\n" + BpeTokenizer.EndOfText + "\n";

    private string ModelFile(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(root, "model")).FullName, name);

    private string TextFile(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(root, "text")).FullName, name);

    /// <summary>Writes stories as documents of one text file.</summary>
    public void WriteText(string name, IEnumerable<string> stories) => File.WriteAllText(TextFile(name), string.Join(Separator, stories) + "\n");

    /// <summary>Reads the documents of a text file, joined as a tokenizer without a begin token sees them.</summary>
    public string ReadText(string name) => string.Join("\n\n", File.ReadAllText(TextFile(name)).TrimEnd('\n').Split(Separator));

    /// <summary>Writes the weights in BF16.</summary>
    public void WriteWeights(LlamaModel model) => SafetensorsFile.Write(
        ModelFile("model.safetensors"),
        model.Weights.Select(weight => (weight.Name, weight.Value.shape, weight.Value.data<float>().ToArray())));

    /// <summary>Reads the model back from its files.</summary>
    public LlamaModel ReadModel()
    {
        using var config = JsonDocument.Parse(File.ReadAllBytes(ModelFile("config.json")));
        return LlamaModel.FromWeights(
            new ModelShape(config.RootElement.GetProperty("vocab_size").GetInt32()), SafetensorsFile.Read(ModelFile("model.safetensors")));
    }

    /// <summary>Reads the tokenizer back from its file.</summary>
    public BpeTokenizer ReadTokenizer() => TokenizerJson.Parse(File.ReadAllText(ModelFile("tokenizer.json")));

    /// <summary>Writes the tokenizer's two files.</summary>
    public void WriteTokenizer(BpeTokenizer tokenizer)
    {
        File.WriteAllText(ModelFile("tokenizer.json"), TokenizerJson.Make(tokenizer).ToJsonString(Json) + "\n");
        WriteJson("tokenizer_config.json", new JsonObject
        {
            ["tokenizer_class"] = "GPT2Tokenizer",
            ["add_prefix_space"] = false,
            ["bos_token"] = BpeTokenizer.EndOfText,
            ["eos_token"] = BpeTokenizer.EndOfText,
            ["unk_token"] = BpeTokenizer.EndOfText,
            ["model_max_length"] = ModelShape.Window,
        });
    }

    /// <summary>Writes the model's two configuration files.</summary>
    public void WriteConfig(ModelShape shape)
    {
        WriteJson("config.json", new JsonObject
        {
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["attention_bias"] = false,
            ["attention_dropout"] = 0.0,
            ["bos_token_id"] = 0,
            ["eos_token_id"] = 0,
            ["head_dim"] = ModelShape.HeadLength,
            ["hidden_act"] = "silu",
            ["hidden_size"] = ModelShape.Hidden,
            ["initializer_range"] = 0.02,
            ["intermediate_size"] = ModelShape.Intermediate,
            ["max_position_embeddings"] = ModelShape.Window,
            ["mlp_bias"] = false,
            ["model_type"] = "llama",
            ["num_attention_heads"] = ModelShape.Heads,
            ["num_hidden_layers"] = ModelShape.Layers,
            ["num_key_value_heads"] = ModelShape.KeyValueHeads,
            ["rms_norm_eps"] = ModelShape.NormEpsilon,
            ["rope_scaling"] = null,
            ["rope_theta"] = ModelShape.RopeTheta,
            ["tie_word_embeddings"] = true,
            ["torch_dtype"] = "bfloat16",
            ["use_cache"] = true,
            ["vocab_size"] = shape.Vocabulary,
        });
        WriteJson("generation_config.json", new JsonObject { ["bos_token_id"] = 0, ["eos_token_id"] = 0 });
    }

    private void WriteJson(string name, JsonObject content) => File.WriteAllText(ModelFile(name), content.ToJsonString(Json) + "\n");
}
