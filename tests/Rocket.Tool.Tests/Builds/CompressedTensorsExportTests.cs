using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary><c>build --export compressed-tensors</c>: the layout that vLLM and transformers read.</summary>
public sealed class CompressedTensorsExportTests
{
    private const string Four = "forms: [ dense ]\n    valueBits: [ 4 ]\n    valueGroups: [ 32 ]";
    private const string Eight = "forms: [ dense ]\n    valueBits: [ 8 ]\n    valueGroups: [ 32 ]";

    // It strikes nothing out, but is about parts alone.
    private const string Parts = "{ linears: [ \"*.qkv_proj.*\", \"*.gate_up_proj.*\" ], maxCost: 1000000 }";

    [Theory]
    [InlineData("llama-bf16", Four, "4.63", null, 14)]
    [InlineData("llama-tied-gqa-rope3", Eight, "8.76", null, 14)]
    [InlineData("phi3", Four, "4.63", null, 8)]
    [InlineData("phi3", Eight, "8.76", Parts, 8)]
    public async Task A_model_of_one_width_is_packed_whole(string name, string values, string bitsPerWeight, string? constraint, int modules)
    {
        using var project = new GoldenProject(GoldenProject.Source(name), constraint: constraint, limit: $"bitsPerWeight: {bitsPerWeight}", keys: values);
        using PackedFolder packed = await BuildAsync(project);
        Assert.Equal(modules, packed.Targets.Count);
        JsonNode group = Assert.Single(packed.Config!["config_groups"]!.AsObject()).Value!;
        Assert.Equal(values == Four ? 4 : 8, (int)group["weights"]!["num_bits"]!);
        Assert.Equal(32, (int)group["weights"]!["group_size"]!);
        Assert.Equal(["lm_head", "model.embed_tokens"], packed.Ignored);
        JsonNode export = JsonNode.Parse(File.ReadAllText(Path.Combine(project.PackedExport, "rocket.json")))!["export"]!;
        Assert.Equal(("compressed-tensors", modules, 0), ((string)export["layout"]!, (int)export["packed"]!, (int)export["multipliedOut"]!));
    }

    [Fact]
    public async Task What_vLLM_runs_as_one_matrix_is_packed_together_or_not_at_all()
    {
        const string Key = "{ linears: \"model.layers.0.self_attn.k_proj\", keep: dense }";
        using var project = new GoldenProject(GoldenProject.Source("llama-untied"), constraint: Key, limit: "bitsPerWeight: 6", keys: Four);
        using PackedFolder packed = await BuildAsync(project);
        string[] together = ["model.layers.0.self_attn.k_proj", "model.layers.0.self_attn.q_proj", "model.layers.0.self_attn.v_proj"];
        Assert.Equal(["lm_head", "model.embed_tokens", .. together], packed.Ignored);
        Assert.Equal(11, packed.Targets.Count);
    }

    [Fact]
    public async Task Rows_that_do_not_fill_their_groups_are_multiplied_out()
    {
        using var project = new GoldenProject(GoldenProject.Source("qwen3"), limit: "bitsPerWeight: 5", keys: Four);
        using PackedFolder packed = await BuildAsync(project);
        Assert.Equal(
            ["model.layers.0.mlp.down_proj", "model.layers.0.self_attn.o_proj", "model.layers.1.mlp.down_proj", "model.layers.1.self_attn.o_proj"],
            packed.Targets.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Experts_are_multiplied_out()
    {
        using var project = new GoldenProject(GoldenProject.Source("mixtral"), limit: "bitsPerWeight: 4.69", keys: Four);
        using PackedFolder packed = await BuildAsync(project);
        Assert.Equal(8, packed.Targets.Count);
        Assert.All(packed.Targets.Keys, module => Assert.Contains(".self_attn.", module, StringComparison.Ordinal));
        Assert.Contains("model.layers.0.block_sparse_moe.gate", packed.Ignored);
        Assert.Contains("model.layers.1.block_sparse_moe.experts.3.w2", packed.Ignored);
    }

    [Fact]
    public async Task Other_forms_and_widths_embedding_and_head_are_multiplied_out()
    {
        string source = GoldenProject.Source("llama-sharded");
        using Checkpoint checkpoint = Checkpoint.Open(source);
        long bytes = checkpoint.Tensors.Sum(tensor => tensor.ByteLength) / 4;
        using var project = new GoldenProject(
            source, limit: $"bytes: {bytes}B", keys: "forms: [ sparse, dictionary ]\n    valueBits: [ 8, 6, 4 ]\n    valueGroups: [ 32 ]\n    include: [ embeddings, head ]");
        using PackedFolder packed = await BuildAsync(project);
        RocketSection section = RocketSection.TryRead(Path.Combine(project.Artifact, "config.json"))!;
        Assert.Contains("model.embed_tokens", section.Linears.Keys);
        Assert.Contains("model.embed_tokens", packed.Ignored);
        Assert.Contains(section.Linears.Keys, packed.Targets.ContainsKey);
        Assert.Contains(section.Linears, linear => linear.Value.Form == LinearForm.Sparse || linear.Value.Quantization?.Bits == 6);
    }

    [Fact]
    public async Task A_plan_without_such_codes_gives_a_plain_dense_folder()
    {
        using var project = new GoldenProject(GoldenProject.Source("llama-untied"));
        await project.BuildAsync("--dense", "--export", "compressed-tensors");
        using var folder = new PackedFolder(project.PackedExport, project.Artifact);
        Assert.Null(folder.Config);
        Assert.Equal(Weights(project.DenseExport), Weights(project.PackedExport));
    }

    [Fact]
    public void Another_layout_is_refused_before_any_work()
    {
        using var folder = new TemporaryFolder();
        Stories.WriteManifest(folder, [30]);
        ToolResult result = RocketTool.Run(folder.Path, folder.At("cache"), "build", "--output", "out", "--export", "gguf");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error RKT1102: --export is \"gguf\"; it must be compressed-tensors.", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("out")));
    }

    private static byte[] Weights(string folder) => File.ReadAllBytes(Path.Combine(folder, "model.safetensors"));

    private static async Task<PackedFolder> BuildAsync(GoldenProject project)
    {
        await project.BuildAsync("--dense", "--export", "compressed-tensors");
        await GoldenProject.InspectAsync(project.PackedExport);
        var packed = new PackedFolder(project.PackedExport, project.Artifact);
        Assert.Equal("compressed-tensors", (string)packed.Config!["quant_method"]!);
        Assert.Equal("pack-quantized", (string)packed.Config["format"]!);
        packed.AssertValues();
        packed.AssertTensors(project.DenseExport);
        return packed;
    }
}
