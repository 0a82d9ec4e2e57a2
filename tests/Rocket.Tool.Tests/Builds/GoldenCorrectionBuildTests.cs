using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;

namespace Rocket.Tool.Tests.Builds;

/// <summary>Blocks factorized in order, each for what its compressed predecessors give, in every family.</summary>
public sealed class GoldenCorrectionBuildTests
{
    public static TheoryData<string> Models { get; } = [.. GoldenProject.Models];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_corrected_artifact_has_the_plan_of_the_plain_one_and_other_factors_behind_the_first_block(string name)
    {
        using var plain = new GoldenProject(GoldenProject.Source(name), grid: "shares: { from: 0.2, to: 0.6, step: 0.2 }");
        using var corrected = new GoldenProject(GoldenProject.Source(name), grid: "shares: { from: 0.2, to: 0.6, step: 0.2 }", keys: "correction: sequential");
        JsonNode expected = (await plain.BuildAsync())["budgets"]![0]!;
        JsonNode budget = (await corrected.BuildAsync())["budgets"]![0]!;

        Assert.Equal((double)expected["cost"]!, (double)budget["cost"]!);
        Assert.Equal((long)expected["bytes"]!, (long)budget["bytes"]!);
        using Checkpoint before = Checkpoint.Open(plain.Artifact);
        using Checkpoint after = Checkpoint.Open(corrected.Artifact);
        Assert.Equal(before.Tensors.Select(tensor => tensor.Name), after.Tensors.Select(tensor => tensor.Name));

        // Behind nothing that is compressed the first block is what it was; behind it experts are corrected too.
        string[] values = [.. before.Tensors.Select(tensor => tensor.Name).Where(tensor => tensor.EndsWith(".values", StringComparison.Ordinal))];
        string[] changed = [.. values.Where(tensor => !before.Get(tensor).Bytes.SequenceEqual(after.Get(tensor).Bytes))];
        Assert.NotEmpty(changed);
        Assert.DoesNotContain(changed, tensor => tensor.Contains(".layers.0.", StringComparison.Ordinal));
        Assert.Equal(values.Any(IsOfLaterExpert), changed.Any(IsOfLaterExpert));

        double artifact = await corrected.EvaluateAsync(corrected.Artifact);
        Assert.Equal((double)budget["texts"]![0]!["nll"]!, artifact, 1e-9);
        Assert.Equal(artifact, await corrected.EvaluateAsync(corrected.DenseExport), 1e-4);
    }

    private static bool IsOfLaterExpert(string tensor)
        => tensor.Contains(".experts.", StringComparison.Ordinal) && !tensor.Contains(".layers.0.", StringComparison.Ordinal);
}
