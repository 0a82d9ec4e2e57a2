using Rocket.Models.Diagnostics;

namespace Rocket.Compression.Diagnostics;

/// <summary>The errors of the allocation, RKT4xxx: one factory method per code.</summary>
public static class AllocationErrors
{
    /// <summary>RKT4001: even the lightest choice of every group weighs more than the capacity.</summary>
    /// <param name="capacity">The capacity that was asked for.</param>
    /// <param name="smallest">The smallest weight that the options reach.</param>
    public static RocketException CapacityOutOfReach(long capacity, long smallest) => new(
        "RKT4001",
        $"The budget allows a weight of {capacity}, but the options reach no less than {smallest}. Raise the budget to at least {smallest}, or allow options that remove more.");

    /// <summary>RKT4002: an option's cost is not a finite number.</summary>
    /// <param name="group">The group's index, from 0.</param>
    /// <param name="option">The option's index, from 0.</param>
    /// <param name="cost">The cost.</param>
    public static RocketException CostNotFinite(int group, int option, double cost) => new(
        "RKT4002",
        $"Option {option} of group {group} has the cost {cost}, which is not a finite number. Look for NaN or infinite values in the weights or moments that it was computed from, or exclude the option.");

    /// <summary>RKT4003: even the cheapest choice of every group costs more than the limit.</summary>
    /// <param name="maxCost">The limit that was asked for.</param>
    /// <param name="smallest">The smallest cost that the options reach.</param>
    public static RocketException CostOutOfReach(double maxCost, double smallest) => new(
        "RKT4003",
        $"The budget allows a loss of {maxCost}, but the options reach no less than {smallest}. Raise the limit to at least {smallest}, or allow options that remove less.");

    /// <summary>RKT4004: a group has no option to choose.</summary>
    /// <param name="group">The group's index, from 0.</param>
    public static RocketException GroupWithoutOptions(int group) => new(
        "RKT4004",
        $"Group {group} has 0 options, so nothing can be chosen for it. Relax the constraints that strike them out, or keep it dense.");

    /// <summary>RKT4005: the weights of the heaviest options add up to more than 64-bit arithmetic holds.</summary>
    /// <param name="total">The sum of the heaviest options' weights.</param>
    public static RocketException WeightsTooLarge(Int128 total) => new(
        "RKT4005",
        $"The heaviest options weigh {total} together, more than the 2^61 that sums are kept in. Use a coarser unit, such as bytes in place of bits.");
}
