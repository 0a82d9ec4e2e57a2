using System.Collections.Immutable;
using Rocket.Compression.Allocation;

namespace Rocket.Benchmarks.Allocation;

/// <summary>The instances that are measured, the same at every run.</summary>
internal static class AllocationInstances
{
    private const int Seed = 5;

    /// <summary>Noisy convex-ish curves: cost falls with weight by a power of the removed share, each option off by up to a tenth.</summary>
    /// <param name="groups">Number of groups.</param>
    /// <param name="options">Options a group.</param>
    public static ImmutableArray<KnapsackGroup> Noisy(int groups, int options)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, groups).Select(_ => NoisyGroup(random, options))];
    }

    /// <summary>Cost and weight agree but for one unit, which is the hard case of the knapsack.</summary>
    /// <param name="groups">Number of groups.</param>
    /// <param name="options">Options a group.</param>
    public static ImmutableArray<KnapsackGroup> Correlated(int groups, int options)
    {
        const int LargestWeight = 10_000;
        var random = new Random(Seed);
        return
        [
            .. Enumerable.Range(0, groups).Select(_ => new KnapsackGroup(
                [.. Enumerable.Range(0, options).Select(_ => random.Next(1, LargestWeight)).Select(weight => new KnapsackOption(weight, LargestWeight - weight + random.Next(-1, 2)))])),
        ];
    }

    /// <summary>The same group many times, as the experts of a mixture that nothing tells apart.</summary>
    /// <param name="groups">Number of groups.</param>
    /// <param name="options">Options a group.</param>
    public static ImmutableArray<KnapsackGroup> Identical(int groups, int options) => [.. Enumerable.Repeat(NoisyGroup(new Random(Seed), options), groups)];

    /// <summary>Layers that each repeat one group of their own, beside one that nothing repeats.</summary>
    /// <param name="layers">Number of layers.</param>
    /// <param name="experts">Identical groups a layer.</param>
    /// <param name="options">Options a group.</param>
    public static ImmutableArray<KnapsackGroup> Experts(int layers, int experts, int options)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, layers).SelectMany(_ => Enumerable.Repeat(NoisyGroup(random, options), experts).Append(NoisyGroup(random, options)))];
    }

    private static KnapsackGroup NoisyGroup(Random random, int options)
    {
        const long DenseWeight = 768 * 2048;
        var scale = Math.Exp(random.NextDouble() * 4);
        var power = 1.2 + random.NextDouble();
        var choices = new KnapsackOption[options];
        choices[0] = new KnapsackOption(DenseWeight, 0);
        for (var o = 1; o < options; o++)
        {
            var removed = 0.03 + (0.72 * random.NextDouble());
            choices[o] = new KnapsackOption((long)(DenseWeight * (1 - removed)), scale * Math.Pow(removed, power) * (0.9 + (0.2 * random.NextDouble())));
        }

        return new KnapsackGroup([.. choices]);
    }
}
