using System.Globalization;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Diagnostics;

/// <summary>Errors of planning (RKT41xx).</summary>
public static class PlanErrors
{
    private const string LimitBelowReach = "RKT4102";
    private const string OutOfReach = "RKT4101";
    private const string BlockedByConstraint = "RKT4104";

    /// <summary>RKT4101: no combination of options removes as much as the budget asks.</summary>
    public static RocketException BudgetOutOfReach(SourceLocation location, string budget, double remove, double most) => new(
        OutOfReach,
        string.Create(CultureInfo.InvariantCulture, $"Budget \"{budget}\" removes {remove * 100:0.##} % of the linears, but the grid's options end at {Math.Floor(most * 10000) / 100:0.##} %. Raise grid.shares.to (of dictionaries grid.ratios.to), or remove less."),
        location);

    /// <summary>RKT4102: a budget of parameters, bytes or bits is below what the options reach.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="least">The least that the options reach.</param>
    public static RocketException LimitOutOfReach(BudgetManifest budget, decimal least) => new(
        LimitBelowReach,
        string.Create(CultureInfo.InvariantCulture, $"Budget \"{budget.Name}\" allows {budget.Limit.Value:#,0.###} {budget.Key}, but the grid's options reach no less than {least:#,0.###}. Raise grid.shares.to (of dictionaries grid.ratios.to), or the budget."),
        budget.Limit.Location);

    /// <summary>RKT4103: a linear has no option that all its constraints allow.</summary>
    /// <param name="linear">The linear.</param>
    /// <param name="culprit">The constraint without which there is one, or the last that struck out some.</param>
    /// <param name="others">The other constraints of the linear.</param>
    public static RocketException NoOptionLeft(string linear, ConstraintManifest culprit, IEnumerable<ConstraintManifest> others)
    {
        string beside = string.Join(", ", others.Select(other => $"\"{other}\" (line {other.Location.Line})"));
        return new(
            "RKT4103",
            $"\"{culprit}\" (line {culprit.Location.Line}) leaves no option for {linear}{(beside.Length == 0 ? "" : $" beside {beside}")}. Relax it, or name fewer linears there.",
            culprit.Location);
    }

    /// <summary>RKT4104: a constraint, or several together, put a budget out of reach.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="culprit">The constraint to relax.</param>
    /// <param name="isEnough">Whether the budget is in reach without it.</param>
    public static RocketException ConstraintsTooTight(BudgetManifest budget, ConstraintManifest culprit, bool isEnough) => new(
        BlockedByConstraint,
        string.Create(CultureInfo.InvariantCulture, $"\"{culprit}\" (line {culprit.Location.Line}) puts budget \"{budget.Name}\" (\"{budget.Key}\", line {budget.Limit.Location.Line}) out of reach. {WayOut(isEnough)}, or change the budget."),
        culprit.Location);

    /// <summary>RKT4104: no plan was found for a budget beside constraints on sums; their search is not always complete, so it is not said that there is none.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="culprit">The constraint to relax.</param>
    /// <param name="isEnough">Whether a plan is found without it.</param>
    public static RocketException NoPlanFound(BudgetManifest budget, ConstraintManifest culprit, bool isEnough) => new(
        BlockedByConstraint,
        string.Create(CultureInfo.InvariantCulture, $"No plan was found for budget \"{budget.Name}\" (\"{budget.Key}\", line {budget.Limit.Location.Line}) that keeps \"{culprit}\" (line {culprit.Location.Line}). {WayOut(isEnough)}, or change the budget."),
        culprit.Location);

    /// <summary>RKT4105: a constraint that is about no linear of the model.</summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="example">A linear's name.</param>
    public static RocketException NothingCovered(ConstraintManifest constraint, string example) => new(
        "RKT4105",
        $"\"{constraint}\" is about no linear of the model: nothing matches {string.Join(", ", constraint.Linears.Select(pattern => $"\"{pattern.Value}\"").Concat(constraint.Blocks is { } blocks ? [$"blocks {blocks.Value}"] : []))}. Linears have names such as {example}; `dotnet rocket plan --json` lists them.",
        constraint.Location);

    /// <summary>RKT4106: constraints that no plan was found to keep together, whatever the budget.</summary>
    /// <param name="culprit">The constraint to relax.</param>
    /// <param name="others">The other constraints.</param>
    /// <param name="isEnough">Whether the others can be met without it.</param>
    public static RocketException ConstraintsConflict(ConstraintManifest culprit, IEnumerable<ConstraintManifest> others, bool isEnough)
    {
        string beside = string.Join(", ", others.Select(other => $"\"{other}\" (line {other.Location.Line})"));
        return new(
            "RKT4106",
            $"No plan was found that keeps \"{culprit}\" (line {culprit.Location.Line}){(beside.Length == 0 ? "" : $" beside {beside}")}, whatever the budget. {WayOut(isEnough)}, or widen the grid.",
            culprit.Location);
    }

    /// <summary>RKT4107: a limit of memory that a stage does not fit in.</summary>
    /// <param name="limit">The limit, bytes.</param>
    /// <param name="needed">What the stage takes with a single unit at work, bytes.</param>
    /// <param name="stage">The stage.</param>
    public static RocketException MemoryTooSmall(long limit, long needed, string stage) => new(
        "RKT4107",
        string.Create(CultureInfo.InvariantCulture, $"The stage \"{stage}\" takes {Math.Ceiling(needed / 1e6):0} MB with one window or linear at work, and the limit is {limit / 1e6:0.#} MB. Allow {Math.Ceiling(needed / 1e6):0} MB, or calibrate with shorter windows."));

    /// <summary>Whether an error says that a budget is out of reach, with or without a constraint to blame.</summary>
    public static bool IsOutOfReach(RocketException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Code is OutOfReach or LimitBelowReach or BlockedByConstraint;
    }

    private static string WayOut(bool isEnough) => isEnough ? "Relax it" : "Relax it first; the other constraints must give way too";
}
