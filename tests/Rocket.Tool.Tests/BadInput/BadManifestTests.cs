using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.BadInput;

/// <summary>What a manifest can get wrong: a coded error at its line and column.</summary>
public sealed class BadManifestTests(BuiltStories built)
{
    [Theory]
    [InlineData("samples: 16", "smaples: 16", "rocket.yaml(7,7): error RKT1003: Unknown key \"smaples\"")]
    [InlineData("samples: 16", "samples: many", "rocket.yaml(7,16): error RKT1005: ")]
    [InlineData("remove: 30%", "remove: 90%", "rocket.yaml(11,30): error RKT1004: ")]
    [InlineData("samples: 16", "samples: 100000", "rocket.yaml(7,16): error RKT3106: ")]
    [InlineData("calibration.txt", "nothing.txt", "rocket.yaml(6,17): error RKT3101: ")]
    [InlineData("version: 1", "version: 9", "rocket.yaml(1,10): error RKT1011: ")]
    [InlineData("version: 1", "version: 1\ndevice: gpu", "rocket.yaml(2,9): error RKT1030: ")]
    public void A_bad_value_is_refused_at_its_place(string good, string bad, string expected)
    {
        using var project = new BadInputProject(built);
        string manifest = Stories.WriteManifest(project.Folder, [30]);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(good, bad, StringComparison.Ordinal));
        project.AssertRefused(expected);
    }

    [Fact]
    public void An_empty_corpus_is_refused_at_the_calibration()
    {
        using var project = new BadInputProject(built);
        project.Folder.Write("empty.txt", "");
        Stories.WriteManifest(project.Folder, [30], corpus: "empty.txt");
        project.AssertRefused("rocket.yaml(6,7): error RKT3102: ");
    }

    [Fact]
    public void A_budget_that_no_combination_of_options_reaches_is_refused_at_its_share()
    {
        using var project = new BadInputProject(built);
        string manifest = Stories.WriteManifest(project.Folder, [98]);
        File.WriteAllText(manifest, File.ReadAllText(manifest)
            .Replace("    calibration:", "    method: paper\n    calibration:", StringComparison.Ordinal)
            .Replace("to: 0.6, step: 0.1", "to: 0.98, step: 0.44", StringComparison.Ordinal));
        project.AssertRefused("rocket.yaml(12,30): error RKT4101: ");
    }

    // The libtorch that Rocket fetches has no graphics processors.
    [Theory]
    [InlineData("cuda")]
    [InlineData("mps")]
    public void A_device_that_libtorch_does_not_have_is_refused(string device)
    {
        using var project = new BadInputProject(built);
        Stories.WriteManifest(project.Folder, [30]);
        project.AssertRefused("rocket: error RKT3005: ", "--device", device);
    }

    [Fact]
    public void A_device_that_there_is_not_is_refused()
    {
        using var project = new BadInputProject(built);
        Stories.WriteManifest(project.Folder, [30]);
        project.AssertRefused("rocket: error RKT1102: ", "--device", "gpu");
    }

    [Fact]
    public void A_manifest_that_is_not_there_is_refused()
    {
        using var project = new BadInputProject(built);
        project.AssertRefused("other.yaml: error RKT1001: ", "other.yaml");
    }
}
