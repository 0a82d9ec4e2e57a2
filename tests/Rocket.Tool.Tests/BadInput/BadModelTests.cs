using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.BadInput;

/// <summary>Models that are damaged, hostile or unknown.</summary>
public sealed class BadModelTests(BuiltStories built)
{
    [Theory]
    [InlineData(nameof(HostileModel.Truncated), "RKT2109")]
    [InlineData(nameof(HostileModel.CutInHeader), "RKT2103")]
    [InlineData(nameof(HostileModel.HugeHeader), "RKT2104")]
    [InlineData(nameof(HostileModel.OutsideFile), "RKT2109")]
    [InlineData(nameof(HostileModel.Overlapping), "RKT2110")]
    [InlineData(nameof(HostileModel.NotFinite), "RKT2118")]
    [InlineData(nameof(HostileModel.ColouredName), "RKT2107")]
    public void Damaged_weights_are_refused(string change, string code)
    {
        using var project = new BadInputProject(built);
        string model = HostileModel.Create(project.Folder, bytes => (byte[])typeof(HostileModel).GetMethod(change)!.Invoke(null, [bytes])!);
        Stories.WriteManifest(project.Folder, [30], source: model);
        project.AssertRefused($"{Stories.SourcePlace}: error {code}: {Path.Combine(model, "model.safetensors")}: ");
    }

    [Fact]
    public void A_missing_shard_is_refused()
    {
        using var project = new BadInputProject(built);
        string model = HostileModel.Create(project.Folder, bytes => bytes);
        File.Delete(Path.Combine(model, "model.safetensors"));
        string index = project.Folder.Write(
            Path.Combine("model", "model.safetensors.index.json"), "{\"weight_map\":{\"model.norm.weight\":\"model-00001-of-00001.safetensors\"}}");
        Stories.WriteManifest(project.Folder, [30], source: model);
        project.AssertRefused($"{Stories.SourcePlace}: error RKT2114: {index}: ");
    }

    [Fact]
    public void A_folder_without_a_model_is_refused()
    {
        using var project = new BadInputProject(built);
        Stories.WriteManifest(project.Folder, [30], source: "nowhere");
        project.AssertRefused($"{Stories.SourcePlace}: error RKT2202: {project.Folder.At("nowhere", "config.json")}: ");
    }

    [Fact]
    public void An_unknown_architecture_is_refused()
    {
        using var project = new BadInputProject(built);
        string model = HostileModel.WithConfig(project.Folder, "\"llama\"", "\"mamba\"");
        Stories.WriteManifest(project.Folder, [30], source: model);
        project.AssertRefused($"{Stories.SourcePlace}: error RKT2201: {Path.Combine(model, "config.json")}: ");
    }
}
