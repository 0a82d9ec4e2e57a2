using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Builds;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Commands;

public sealed class InspectTests(BuiltStories built)
{
    [Fact]
    public void The_bytes_are_those_of_the_file_system()
    {
        JsonObject report = RocketTool.RunJson(built.Folder, built.Cache, "inspect", built.Artifact, "--verify");
        long bytes = Directory.GetFiles(built.Artifact, "*.safetensors").Sum(file => new FileInfo(file).Length);
        Assert.Equal(bytes, (long)report["bytes"]!);
        Assert.Equal(bytes, (long)report["rocket"]!["bytes"]!);
        Assert.Equal(bytes, (long)built.Report["models"]![0]!["budgets"]![0]!["bytes"]!);
        Assert.Empty(report["problems"]!.AsArray());
    }

    [Fact]
    public void Predicted_and_realised_errors_of_every_factored_linear_agree()
    {
        JsonNode plan = RocketTool.RunJson(built.Folder, built.Cache, "inspect", built.Artifact)["rocket"]!["plan"]!;
        JsonNode[] factored = [.. plan["linears"]!.AsArray().Select(linear => linear!).Where(linear => (string)linear["form"]! != "dense")];
        Assert.NotEmpty(factored);
        foreach (JsonNode linear in factored)
        {
            double predicted = (double)linear["predicted"]!["whitenedError"]!;
            Assert.Equal(predicted, (double)linear["realised"]!["whitenedError"]!, 1e-3 * predicted);
        }
    }

    [Fact]
    public void The_plan_is_shown_as_a_table_with_both_sizes()
    {
        ToolResult result = RocketTool.Run(built.Folder, built.Cache, "inspect", built.Artifact);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("q_proj", result.Output, StringComparison.Ordinal);
        Assert.Contains("paper's count", result.Output, StringComparison.Ordinal);
        Assert.Contains("true bytes", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Output);
    }

    [Fact]
    public void A_dense_model_shows_its_sizes()
    {
        JsonObject report = RocketTool.RunJson(built.Folder, built.Cache, "inspect", Stories.Source);
        Assert.Equal(new FileInfo(Path.Combine(Stories.Source, "model.safetensors")).Length, (long)report["bytes"]!);
        Assert.Null(report["rocket"]);
        Assert.Equal(0, RocketTool.Run(built.Folder, built.Cache, "inspect", Stories.Source, "--verify").ExitCode);
    }

    [Fact]
    public void Weights_that_are_not_as_rocket_json_says_are_an_error()
    {
        using var folder = new TemporaryFolder();
        BuildTests.CopyFolder(built.Artifact, folder.At("model"));
        File.WriteAllBytes(folder.At("model", "extra.safetensors"), new byte[10]);
        ToolResult result = RocketTool.Run(folder.Path, built.Cache, "inspect", "model", "--json");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("model: error RKT6006:", result.Error, StringComparison.Ordinal);
        Assert.Equal("RKT6006", (string)result.Json["problems"]![0]!["code"]!);
    }

    [Fact]
    public void Verification_finds_a_flipped_bit_of_a_mask()
    {
        using var folder = new TemporaryFolder();
        BuildTests.CopyFolder(built.Artifact, folder.At("model"));
        string weights = folder.At("model", "model.safetensors");
        using (var file = Rocket.Models.Checkpoints.SafetensorsFile.Open(weights))
        {
            // Tensors are contiguous: the place of the first mask's first byte is found by its bytes.
            byte[] all = File.ReadAllBytes(weights);
            string mask = file.Tensors.First(tensor => tensor.Name.EndsWith(".mask", StringComparison.Ordinal)).Name;
            int place = all.AsSpan().IndexOf(file.Get(mask).Bytes);
            all[place] ^= 1;
            File.WriteAllBytes(folder.At("changed"), all);
        }

        File.Move(folder.At("changed"), weights, overwrite: true);
        Assert.Equal(0, RocketTool.Run(folder.Path, built.Cache, "inspect", "model").ExitCode);
        ToolResult result = RocketTool.Run(folder.Path, built.Cache, "inspect", "model", "--verify");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("RKT6103", result.Error, StringComparison.Ordinal);
    }
}
