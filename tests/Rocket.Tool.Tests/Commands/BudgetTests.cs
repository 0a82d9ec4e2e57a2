using System.Text.Json.Nodes;
using Rocket.Tool.Tests.Builds;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Commands;

/// <summary>Every kind of budget and of constraint, through the tool.</summary>
public sealed class BudgetTests(BuiltStories built)
{
    [Fact]
    public void A_byte_budget_is_met_to_the_last_byte_that_inspect_counts()
    {
        using TemporaryFolder folder = Project("bytes: 850kB");
        JsonObject plan = Plan(folder);
        long bytes = (long)plan["bytes"]!;
        Assert.InRange(bytes, 840_000, 850_000);
        RocketTool.RunJson(folder.Path, folder.At("cache"), "build", "--output", "out", "--threads", "1");
        JsonObject inspected = RocketTool.RunJson(folder.Path, folder.At("cache"), "inspect", "out/stories/b", "--verify");
        Assert.Equal(bytes, (long)inspected["bytes"]!);
        Assert.Equal(bytes, new DirectoryInfo(folder.At("out", "stories", "b")).EnumerateFiles("*.safetensors").Sum(file => file.Length));
        Assert.Equal(850_000, (long)inspected["rocket"]!["budget"]!["bytes"]!);
        Assert.Empty(inspected["problems"]!.AsArray());
    }

    [Fact]
    public void A_budget_of_parameters_is_met()
    {
        using TemporaryFolder folder = Project("parameters: 150K");
        Assert.InRange((long)Plan(folder)["keptParameters"]!, 140_000, 150_000);
    }

    [Fact]
    public void A_limit_on_the_loss_gives_the_smallest_plan_within_it()
    {
        using TemporaryFolder folder = Project("remove: 30%");
        JsonObject given = Plan(folder);
        using TemporaryFolder other = Project($"maxLoss: {((decimal)(double)given["cost"]! + 0.000001m).ToString(System.Globalization.CultureInfo.InvariantCulture)}");
        JsonObject found = Plan(other);
        Assert.True((double)found["cost"]! <= (double)found["maxLoss"]!);
        Assert.True((long)found["keptParameters"]! <= (long)given["keptParameters"]!);
        Assert.Contains("smallest size ", Run(other).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("parameters: 1K", "RKT4102")]
    [InlineData("bytes: 100kB", "RKT4102")]
    public void A_budget_out_of_reach_is_told_at_its_place(string limit, string code)
    {
        using TemporaryFolder folder = Project(limit);
        ToolResult result = Run(folder);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"error {code}: Budget \"b\" allows", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ linears: \"*.down_proj\", keep: dense }", "down_proj", 1.0, 1.0)]
    [InlineData("{ maxRemoved: 55% }", "", 0.45, 1.0)]
    [InlineData("{ minRemoved: 5% }", "", 0.0, 0.95)]
    public void A_constraint_on_every_linear_is_kept_by_each(string constraint, string name, double least, double most)
    {
        using TemporaryFolder folder = Project("remove: 30%", constraint);
        JsonArray linears = Plan(folder)["linears"]!.AsArray();
        Assert.All(linears.Where(linear => ((string)linear!["name"]!).Contains(name, StringComparison.Ordinal)), linear =>
            Assert.InRange((double)linear!["parameters"]! / (double)linear["denseParameters"]!, least, most));
    }

    [Theory]
    [InlineData("remove: 30%", "{ linears: \"*.down_proj\", maxRemoved: 10% }", "down_proj", 0.0, 0.1)]
    [InlineData("remove: 30%", "{ linears: \"*.down_proj\", minRemoved: 50% }", "down_proj", 0.5, 1.0)]
    [InlineData("remove: 30%", "{ blocks: 1, minRemoved: 45% }", "layers.1.", 0.45, 1.0)]
    [InlineData("remove: 30%", "{ blocks: 1, maxRemoved: 15% }", "layers.1.", 0.0, 0.15)]
    [InlineData("parameters: 150K", "{ blocks: 1, maxRemoved: 15% }", "layers.1.", 0.0, 0.15)]
    [InlineData("bytes: 850kB", "{ linears: \"*.q_proj\", minRemoved: 30% }", "q_proj", 0.3, 1.0)]
    [InlineData("maxLoss: 20", "{ linears: \"*.up_proj\", maxRemoved: 20% }", "up_proj", 0.0, 0.2)]
    public void A_constraint_on_the_removed_share_of_a_pattern_or_a_block_is_kept_by_the_sum(string limit, string constraint, string name, double least, double most)
    {
        using TemporaryFolder folder = Project(limit, constraint);
        JsonObject plan = Plan(folder);
        Assert.InRange(Removed(plan, name), least, most);

        // The constraint is what holds the plan: without it the share is another.
        using TemporaryFolder free = Project(limit);
        double without = Removed(Plan(free), name);
        Assert.False(without >= least && without <= most, $"{without} keeps the constraint by itself");
        Assert.True((double)plan["bound"]! <= (double)plan["cost"]!);
    }

    [Fact]
    public void Constraints_on_a_block_and_a_pattern_that_overlap_are_both_kept()
    {
        using TemporaryFolder folder = Project("remove: 30%", "{ blocks: 1, minRemoved: 45% }", "{ linears: \"*.down_proj\", maxRemoved: 10% }");
        JsonObject plan = Plan(folder);
        Assert.True(Removed(plan, "layers.1.") >= 0.45);
        Assert.True(Removed(plan, "down_proj") <= 0.1);
        Assert.True((double)plan["removedShare"]! >= 0.3);
        double gap = ((double)plan["cost"]! - (double)plan["bound"]!) / (double)plan["bound"]!;
        Assert.InRange(gap, 0, 0.03);
    }

    [Fact]
    public void A_budget_that_a_constraint_on_a_sum_puts_out_of_reach_names_it_with_its_line()
    {
        using TemporaryFolder folder = Project("remove: 30%", "{ blocks: 1, minRemoved: 10% }", "{ linears: \"*_proj\", maxRemoved: 15% }");
        Assert.Contains("rocket.yaml(14,42): error RKT4104: No plan was found for budget \"b\" (\"remove\"", Run(folder).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Constraints_on_sums_that_contradict_each_other_are_named_with_their_lines()
    {
        using TemporaryFolder folder = Project("remove: 30%", "{ blocks: 1, maxRemoved: 10% }", "{ blocks: 1, minRemoved: 40% }");
        Assert.Contains(
            "error RKT4106: No plan was found that keeps \"maxRemoved: 10%\" (line 13) beside \"minRemoved: 40%\" (line 14), whatever the budget. Relax it, or widen the grid.",
            Run(folder).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_constraint_on_the_cost_of_a_linear_is_kept()
    {
        using TemporaryFolder folder = Project("remove: 20%", "{ maxCost: 0.5 }");
        Assert.All(Plan(folder)["linears"]!.AsArray(), linear => Assert.True((double?)linear!["predicted"]?["weight"] is null or <= 0.5));
    }

    [Fact]
    public void A_budget_that_constraints_put_out_of_reach_names_the_one_to_relax_with_its_line()
    {
        using TemporaryFolder folder = Project("remove: 30%", "{ linears: \"*.q_proj\", maxRemoved: 50% }", "{ maxRemoved: 15% }");
        ToolResult result = Run(folder);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("rocket.yaml(14,23): error RKT4104: \"maxRemoved: 15%\" (line 14) puts budget \"b\"", result.Error, StringComparison.Ordinal);
        Assert.Contains("Relax it, or change the budget.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_on_the_loss_that_a_constraint_puts_out_of_reach_names_it()
    {
        using TemporaryFolder folder = Project("maxLoss: 0.001", "{ minRemoved: 30% }");
        Assert.Contains("error RKT4104: \"minRemoved: 30%\" (line 13) puts budget \"b\" (\"maxLoss\"", Run(folder).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Constraints_that_leave_a_linear_no_option_are_named_with_their_lines()
    {
        using TemporaryFolder folder = Project("remove: 30%", "{ linears: \"*.q_proj\", keep: dense }", "{ minRemoved: 10% }");
        string error = Run(folder).Error;
        Assert.Contains("error RKT4103: \"keep: dense\" (line 13) leaves no option for model.layers.0.self_attn.q_proj beside \"minRemoved: 10%\" (line 14).", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constraint_that_is_about_no_linear_is_refused()
    {
        using TemporaryFolder folder = Project("remove: 30%", "{ linears: \"*.qproj\", keep: dense }");
        Assert.Contains("error RKT4105: \"keep: dense\" is about no linear", Run(folder).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_curve_rises_and_agrees_with_the_plan_of_a_budget()
    {
        using TemporaryFolder folder = Project("remove: 30%");
        JsonArray curve = RocketTool.RunJson(folder.Path, folder.At("cache"), "plan", "--what-if", "10%..90%", "--step", "20%")["models"]![0]!["curve"]!.AsArray();
        Assert.Equal([0.1m, 0.3m, 0.5m, 0.7m, 0.9m], curve.Select(point => (decimal)point!["remove"]!));
        Assert.Equal((double)Plan(folder)["cost"]!, (double)curve[1]!["cost"]!);
        Assert.True((double)curve[0]!["cost"]! < (double)curve[1]!["cost"]! && (double)curve[1]!["cost"]! < (double)curve[2]!["cost"]!);
        Assert.False((bool)curve[4]!["isInReach"]!);
        ToolResult shown = RocketTool.Run(folder.Path, folder.At("cache"), "plan", "--what-if", "10%..90%");
        Assert.Contains("out of reach", shown.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--what-if", "60%..10%")]
    [InlineData("--what-if", "10..60")]
    [InlineData("--step", "5%")]
    public void A_curve_that_makes_no_sense_is_refused(string option, string value)
    {
        using TemporaryFolder folder = Project("remove: 30%");
        Assert.Contains(option, RocketTool.Run(folder.Path, folder.At("cache"), "plan", option, value).Error, StringComparison.Ordinal);
    }

    /// <summary>The share of the parameters that goes, of all linears together whose name has a part.</summary>
    private static double Removed(JsonObject plan, string name)
    {
        JsonNode[] linears = [.. plan["linears"]!.AsArray().Where(linear => ((string)linear!["name"]!).Contains(name, StringComparison.Ordinal)).Select(linear => linear!)];
        Assert.NotEmpty(linears);
        return 1 - (linears.Sum(linear => (double)linear["parameters"]!) / linears.Sum(linear => (double)linear["denseParameters"]!));
    }

    private static ToolResult Run(TemporaryFolder folder) => RocketTool.Run(folder.Path, folder.At("cache"), "plan");

    private static JsonObject Plan(TemporaryFolder folder) => RocketTool.RunJson(folder.Path, folder.At("cache"), "plan")["models"]![0]!["plans"]![0]!.AsObject();

    private TemporaryFolder Project(string limit, params string[] constraints)
    {
        var folder = new TemporaryFolder();
        string path = Stories.WriteManifest(folder, [30]);
        string list = constraints.Length == 0 ? "" : $"    constraints:\n{string.Concat(constraints.Select(constraint => $"      - {constraint}\n"))}";
        File.WriteAllText(path, File.ReadAllText(path).Replace("name: r30, remove: 30%", $"name: b, {limit}", StringComparison.Ordinal) + list);
        BuildTests.CopyFolder(built.Cache, folder.At("cache"));
        return folder;
    }
}
