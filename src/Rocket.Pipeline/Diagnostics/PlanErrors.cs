using System.Globalization;
using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Diagnostics;

/// <summary>Errors of planning (RKT41xx).</summary>
public static class PlanErrors
{
    /// <summary>RKT4101: no combination of options removes as much as the budget asks.</summary>
    public static RocketException BudgetOutOfReach(SourceLocation location, string budget, double remove, double most) => new(
        "RKT4101",
        string.Create(CultureInfo.InvariantCulture, $"Budget \"{budget}\" removes {remove * 100:0.##} % of the linears, but the grid's options end at {Math.Floor(most * 10000) / 100:0.##} %. Raise the grid's largest ratio or choose a smaller share."),
        location);
}
