using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Builds;

/// <summary>Peak resident memory does not grow with the number of blocks, and <c>plan</c> tells it beforehand.</summary>
public sealed class MemoryTests
{
    private const double Growth = 1.10;
    private const double EstimateError = 0.30;
    private const long Limit = 1_800_000_000;

    [Fact]
    public void Four_times_as_many_blocks_take_no_more_memory()
    {
        string source = Path.Combine(SharedData.Repository(), "samples", "little-stories");
        string corpus = Path.Combine(source, "text", "calibration.txt");
        using var folder = new TemporaryFolder();

        Measured once = Measure(folder, "once", Path.Combine(source, "model"), corpus, samples: 16, length: 256);
        RepeatedModel.Create(Path.Combine(source, "model"), folder.At("deep"), times: 4);
        Measured fourfold = Measure(folder, "fourfold", folder.At("deep"), corpus, samples: 16, length: 256);

        Assert.True(fourfold.Peak <= Growth * once.Peak, $"{once.Peak:N0} bytes once, {fourfold.Peak:N0} four times");
        AssertEstimate(once);
    }

    [Fact]
    public void A_chat_model_stays_below_its_limit_however_deep()
    {
        Assert.SkipUnless(SharedData.IsHeavy, "Takes minutes: ROCKET_HEAVY=1 runs it.");
        string corpus = SharedData.PathOf("corpora", "openwebtext", "calibration.jsonl");
        using var folder = new TemporaryFolder();

        Measured once = Measure(folder, "once", SmolLm2.Folder, corpus, samples: 16, length: 512);
        RepeatedModel.Create(SmolLm2.Folder, folder.At("deep"), times: 4);
        Measured fourfold = Measure(folder, "fourfold", folder.At("deep"), corpus, samples: 16, length: 512);

        Assert.True(once.Peak < Limit && fourfold.Peak < Limit, $"{once.Peak:N0} and {fourfold.Peak:N0} bytes");
        Assert.True(fourfold.Peak <= Growth * once.Peak, $"{once.Peak:N0} bytes once, {fourfold.Peak:N0} four times");
        AssertEstimate(once);
        AssertEstimate(fourfold);
    }

    [Fact]
    public void A_limit_of_memory_changes_no_byte_and_one_that_nothing_fits_in_is_told_beforehand()
    {
        string source = Path.Combine(SharedData.Repository(), "samples", "little-stories");
        string corpus = Path.Combine(source, "text", "calibration.txt");
        using var folder = new TemporaryFolder();
        Write(folder, "model", Path.Combine(source, "model"), corpus, samples: 8, length: 256);

        // Room for one unit at a time and not for two.
        JsonObject plan = RocketTool.RunJson(folder.Path, folder.At("none"), "plan", "model.yaml", "--estimate", "--threads", "1");
        string size = $"{(long)plan["models"]![0]!["estimate"]!["peakMemory"]!}B";
        JsonObject alone = RocketTool.RunJson(folder.Path, folder.At("none"), "plan", "model.yaml", "--estimate", "--threads", "2", "--memory", size);
        Assert.Equal((long)plan["models"]![0]!["estimate"]!["peakMemory"]!, (long)alone["models"]![0]!["estimate"]!["peakMemory"]!);

        ToolResult refused = RocketTool.Run(folder.Path, folder.At("none"), "build", "model.yaml", "--output", "out", "--memory", "100MB");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("RKT4107", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("out")));

        RocketTool.RunJson(folder.Path, folder.At("free"), "build", "model.yaml", "--output", "free", "--threads", "2");
        RocketTool.RunJson(folder.Path, folder.At("bounded"), "build", "model.yaml", "--output", "bounded", "--threads", "2", "--memory", size);
        string[] artifact = ["model", "r30", "model.safetensors"];
        Assert.Equal(File.ReadAllBytes(folder.At(["free", .. artifact])), File.ReadAllBytes(folder.At(["bounded", .. artifact])));
    }

    [Fact]
    public void A_chat_model_is_built_within_a_limit()
    {
        Assert.SkipUnless(SharedData.IsHeavy, "Takes minutes: ROCKET_HEAVY=1 runs it.");
        using var folder = new TemporaryFolder();
        Write(folder, "model", SmolLm2.Folder, SharedData.PathOf("corpora", "openwebtext", "calibration.jsonl"), samples: 16, length: 512);

        // What one unit at a time takes.
        JsonObject plan = RocketTool.RunJson(folder.Path, folder.At("none"), "plan", "model.yaml", "--estimate", "--threads", "1");
        long cap = (long)plan["models"]![0]!["estimate"]!["peakMemory"]!;
        JsonObject free = RocketTool.RunJson(folder.Path, folder.At("free"), "build", "model.yaml", "--output", "free", "--threads", "2");
        JsonObject bounded = RocketTool.RunJson(folder.Path, folder.At("bounded"), "build", "model.yaml", "--output", "bounded", "--threads", "2", "--memory", $"{cap}B");

        Assert.True((long)bounded["peakMemory"]! < cap, $"{(long)bounded["peakMemory"]!:N0} bytes of {cap:N0}");
        Assert.True((long)bounded["peakMemory"]! < (long)free["peakMemory"]!, $"{(long)bounded["peakMemory"]!:N0} bytes, and {(long)free["peakMemory"]!:N0} without the limit");
        string[] artifact = ["model", "r30", "model.safetensors"];
        Assert.Equal(File.ReadAllBytes(folder.At(["free", .. artifact])), File.ReadAllBytes(folder.At(["bounded", .. artifact])));
    }

    private static void AssertEstimate(Measured measured) => Assert.True(
        Math.Abs(measured.Estimate - measured.Peak) <= EstimateError * measured.Peak,
        $"{measured.Estimate:N0} bytes expected, {measured.Peak:N0} measured");

    private static Measured Measure(TemporaryFolder folder, string name, string source, string corpus, int samples, int length)
    {
        Write(folder, name, source, corpus, samples, length);
        JsonObject plan = RocketTool.RunJson(folder.Path, folder.At("cache"), "plan", $"{name}.yaml", "--estimate", "--threads", "2");
        JsonObject build = RocketTool.RunJson(folder.Path, folder.At("cache"), "build", $"{name}.yaml", "--output", "out", "--threads", "2");
        return new Measured((long)build["peakMemory"]!, (long)plan["models"]![0]!["estimate"]!["peakMemory"]!);
    }

    private static void Write(TemporaryFolder folder, string name, string source, string corpus, int samples, int length)
        => folder.Write(
            $"{name}.yaml",
            $$"""
            version: 1
            models:
              - name: {{name}}
                source: "{{source}}"
                calibration: { corpus: [ "{{corpus}}" ], samples: {{samples}}, sequenceLength: {{length}} }
                grid: { shares: { from: 0.3, to: 0.6, step: 0.3 } }
                budgets: [ { name: r30, remove: 30% } ]

            """);

    private sealed record Measured(long Peak, long Estimate);
}
