using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Builds;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Commands;

public sealed class EvaluateTests(BuiltStories built)
{
    [Fact]
    public void The_object_holds_all_measures_and_they_agree()
    {
        JsonObject report = Evaluate("--text", Stories.EvaluationText);
        double nll = (double)report["nll"]!;
        double tokens = (double)report["tokens"]!;
        Assert.InRange(nll, 1.0, 2.0);
        Assert.Equal(4, (int)report["windows"]!);
        Assert.Equal(128, (int)report["length"]!);
        Assert.Equal(4 * 127, (long)report["predictedTokens"]!);
        Assert.Equal(Math.Exp(nll), (double)report["perplexity"]!, 1e-9);
        Assert.Equal(Math.Exp(nll * tokens / (double)report["words"]!), (double)report["wordPerplexity"]!, 1e-6);
        Assert.Equal(nll * tokens / ((double)report["bytes"]! * Math.Log(2)), (double)report["bitsPerByte"]!, 1e-9);
    }

    [Fact]
    public void Several_texts_make_one_object()
    {
        JsonObject report = Evaluate("--text", Stories.EvaluationText, SharedData.PathOf("corpora", "tinystories", "calibration.txt"));
        Assert.Equal(2, report["texts"]!.AsArray().Count);
        Assert.True((double)report["texts"]![1]!["nll"]! > 0);
    }

    [Fact]
    public void A_text_that_is_too_short_is_an_error_at_the_text()
    {
        using var folder = new TemporaryFolder();
        folder.Write("short.txt", "Once upon a time.");
        ToolResult result = RocketTool.Run(folder.Path, built.Cache, "evaluate", Stories.Source, "--text", "short.txt");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("short.txt: error RKT3106:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_artifact_whose_dense_tensors_do_not_fit_its_configuration_is_refused()
    {
        using var folder = new TemporaryFolder();
        BuildTests.CopyFolder(built.Artifact, folder.At("artifact"));
        string config = folder.At("artifact", "config.json");
        string text = File.ReadAllText(config);
        Assert.Contains("\"vocab_size\": 512", text, StringComparison.Ordinal);
        File.WriteAllText(config, text.Replace("\"vocab_size\": 512", "\"vocab_size\": 511", StringComparison.Ordinal));
        ToolResult result = RocketTool.Run(folder.Path, built.Cache, "evaluate", "artifact", "--text", Stories.EvaluationText);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{folder.At("artifact", "model.safetensors")}: error RKT2210: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_runtimes_measure_the_same_of_an_artifact_and_the_own_one_needs_no_libtorch()
    {
        string[] arguments = ["evaluate", built.Artifact, "--text", Stories.EvaluationText, "--windows", "4", "--length", "128"];
        JsonObject torch = RocketTool.RunJson(built.Folder, built.Cache, arguments);
        JsonObject own = RocketTool.RunJson(built.Folder, built.Cache, [.. arguments, "--runtime", "inference"]);
        Assert.Equal((double)torch["nll"]!, (double)own["nll"]!, 1e-5);
        Assert.Equal((long)torch["predictedTokens"]!, (long)own["predictedTokens"]!);

        ToolResult other = RocketTool.Run(built.Folder, built.Cache, [.. arguments, "--runtime", "other"]);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("RKT1101", other.Error, StringComparison.Ordinal);
    }

    private JsonObject Evaluate(params string[] texts)
        => RocketTool.RunJson(built.Folder, built.Cache, ["evaluate", Stories.Source, "--windows", "4", "--length", "128", .. texts]);
}
