using System.Diagnostics;
using System.Globalization;
using Rocket.MSBuild.Tests.Execution;

namespace Rocket.MSBuild.Tests.Builds;

/// <summary>What a build costs in which there is nothing to do.</summary>
public sealed class NoOpBuildTests(PackedRocket rocket, ITestOutputHelper output)
{
    private const int HeavyPairs = 10;

    [Fact]
    public void A_build_with_nothing_to_do_costs_a_check_and_no_start_of_the_tool()
    {
        using var folder = new TemporaryFolder();
        var with = new ModelProject(rocket, folder.At("with", "app"));
        var without = new ModelProject(rocket, folder.At("without", "app"));
        without.Write("App.csproj", File.ReadAllText(without.ProjectFile).Replace("<PackageReference", "<None", StringComparison.Ordinal).Replace("Version=\"0.1.0\" PrivateAssets=\"all\" ", "", StringComparison.Ordinal));
        with.Restore();
        without.Restore();
        with.Build().Succeed();
        without.Build().Succeed();

        List<double> differences = [];
        for (int i = 0; i < (SharedData.IsHeavy ? HeavyPairs : 1); i++)
        {
            differences.Add(i % 2 == 0 ? -Time(without) + Time(with) : Time(with) - Time(without));
        }

        BuildRecord[] records = [.. Enumerable.Range(0, SharedData.IsHeavy ? 5 : 1).Select(_ => with.Build().Succeed())];
        Assert.All(records, record => Assert.Equal((0, 1), (record.ToolRuns, record.Checks)));
        double difference = Median(differences);
        double own = Median(records.Select(record => record.OwnTime.TotalMilliseconds));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"no-op build: median difference {difference:0} ms of {differences.Count} pairs, own targets {own:0} ms"));
        if (SharedData.IsHeavy)
        {
            Assert.True(difference <= 150, $"{difference} ms");
            Assert.True(own <= 80, $"{own} ms");
        }
    }

    private static double Time(ModelProject project)
    {
        var watch = Stopwatch.StartNew();
        project.Run("build", "--no-restore").Succeed();
        return watch.Elapsed.TotalMilliseconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
