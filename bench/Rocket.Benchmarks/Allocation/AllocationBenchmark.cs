using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Rocket.Compression.Allocation;

namespace Rocket.Benchmarks.Allocation;

/// <summary>Times the knapsack: hulls and answers of several budgets in one pass, on one thread.</summary>
internal static class AllocationBenchmark
{
    private const int Repetitions = 3;

    private static readonly double[] Removed = [0.2, 0.3, 0.4, 0.5];

    public static void Run()
    {
        KnapsackProblem warm = new(AllocationInstances.Noisy(200, 300));
        warm.Solve((warm.LeastWeight + warm.MostWeight) / 2);
        Measure("36 096 x 300 noisy", AllocationInstances.Noisy(36_096, 300), Removed);
        Measure("1 000 x 300 noisy", AllocationInstances.Noisy(1000, 300), [0.3]);
        Measure("1 000 x 100 correlated", AllocationInstances.Correlated(1000, 100), [0.3]);
        foreach (var removed in Removed)
        {
            Measure($"256 x 300 identical {removed:0.0}", AllocationInstances.Identical(256, 300), [removed]);
        }

        Measure("32 x 64 x 300 experts", AllocationInstances.Experts(32, 64, 300), Removed);
    }

    private static void Measure(string name, ImmutableArray<KnapsackGroup> groups, double[] removed)
    {
        // The heaviest options are the dense ones: a share is of them.
        var dense = groups.Sum(group => group.Options.Max(option => option.Weight) * group.Count);
        long[] capacities = [.. removed.Select(share => (long)(dense * (1 - share)))];
        for (var repetition = 1; repetition <= Repetitions; repetition++)
        {
            var processor = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            var solutions = Knapsack.SolveMany(groups, capacities);
            var wall = watch.Elapsed;
            processor = Environment.CpuUsage.TotalTime - processor;
            var gaps = string.Join(", ", solutions.Select(solution => solution.IsProven ? "proven" : solution.Gap.ToString("0.0e0", CultureInfo.InvariantCulture)));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-25} {wall.TotalSeconds,6:0.00} s wall {processor.TotalSeconds,6:0.00} s processor {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6,6:0} MB peak  gaps {gaps}"));
        }
    }
}
