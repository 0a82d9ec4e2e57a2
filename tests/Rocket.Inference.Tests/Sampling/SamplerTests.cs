using CsCheck;
using Rocket.Inference.Sampling;
using Rocket.Models.Diagnostics;

namespace Rocket.Inference.Tests.Sampling;

public sealed class SamplerTests
{
    private static readonly float[] Logits = [1, 3, 2, 3, -1];

    [Fact]
    public void Greedy_takes_the_first_of_the_most_probable()
        => Assert.Equal(1, new Sampler(5, new SamplingOptions()).Next([], Logits));

    [Fact]
    public void A_seed_repeats_its_draws()
    {
        Sampler first = new(5, new SamplingOptions { Temperature = 1, Seed = 7 });
        Sampler second = new(5, new SamplingOptions { Temperature = 1, Seed = 7 });
        int[] draws = [.. Enumerable.Range(0, 100).Select(_ => first.Next([], Logits))];
        Assert.Equal(draws, Enumerable.Range(0, 100).Select(_ => second.Next([], Logits)));
        Assert.True(draws.Distinct().Count() > 2);
    }

    [Fact]
    public void Draws_follow_the_probabilities()
    {
        const int Draws = 200_000;
        Sampler sampler = new(5, new SamplingOptions { Temperature = 0.7f, Seed = 1 });
        double[] counts = new double[5];
        for (int i = 0; i < Draws; i++)
        {
            counts[sampler.Next([], Logits)]++;
        }

        double[] expected = Softmax(Logits, 0.7);
        for (int token = 0; token < 5; token++)
        {
            Assert.Equal(expected[token], counts[token] / Draws, 0.006);
        }
    }

    [Fact]
    public void Top_k_top_p_and_min_p_keep_what_their_definitions_say()
    {
        Gen<float[]> logits = Gen.Float[-8, 8].Array[1, 60];
        Gen.Select(logits, Gen.Int[0, 12], Gen.Float[0.05f, 1f], Gen.Float[0f, 1f], Gen.Float[0.2f, 3f]).Sample((values, k, p, minP, temperature) =>
        {
            HashSet<int> allowed = Reference(values, k, p, minP, temperature);
            var sampler = new Sampler(values.Length, new SamplingOptions { TopK = k, TopP = p, MinP = minP, Temperature = temperature, Seed = 3 });
            return Enumerable.Range(0, 30).All(_ => allowed.Contains(sampler.Next([], values)));
        });
    }

    [Fact]
    public void A_repetition_penalty_counts_a_token_once()
    {
        Sampler sampler = new(3, new SamplingOptions { RepetitionPenalty = 2 });
        Assert.Equal(0, sampler.Next([0, 0, 0], [3, 1.4f, -1]));
        Assert.Equal(1, sampler.Next([0, 0, 0], [3, 1.6f, -1]));
    }

    [Fact]
    public void Frequency_and_presence_penalties_count_what_was_generated()
    {
        Sampler sampler = new(2, new SamplingOptions { FrequencyPenalty = 0.4f, PresencePenalty = 0.3f });
        Assert.Equal([0, 1, 0, 0], Enumerable.Range(0, 4).Select(_ => sampler.Next([0, 0, 0], [1, 0.5f])));
    }

    [Fact]
    public void A_processor_can_rule_tokens_out()
        => Assert.Equal(4, new Sampler(5, new SamplingOptions { Processors = [new OnlyLast()] }).Next([], Logits));

    [Fact]
    public void The_logits_are_left_as_they_are()
    {
        float[] logits = [.. Logits];
        new Sampler(5, new SamplingOptions { Temperature = 1, RepetitionPenalty = 1.5f, TopP = 0.5f }).Next([1], logits);
        Assert.Equal(Logits, logits);
    }

    [Fact]
    public void An_option_outside_of_its_range_is_an_error()
    {
        foreach (SamplingOptions options in (SamplingOptions[])[
            new() { Temperature = -1 }, new() { Temperature = float.NaN }, new() { TopK = -1 }, new() { TopP = 0 }, new() { TopP = 1.1f },
            new() { MinP = 2 }, new() { RepetitionPenalty = 0 }, new() { FrequencyPenalty = float.PositiveInfinity }, new() { PresencePenalty = float.NaN }])
        {
            Assert.Equal("RKT8102", Assert.Throws<RocketException>(() => new Sampler(5, options)).Code);
        }
    }

    private static double[] Softmax(float[] logits, double temperature)
    {
        double[] values = [.. logits.Select(logit => Math.Exp((logit - logits.Max()) / temperature))];
        return [.. values.Select(value => value / values.Sum())];
    }

    // A little more than the definitions allow, where float32 may round the other way.
    private static HashSet<int> Reference(float[] logits, int k, float p, float minP, float temperature)
    {
        int[] order = [.. Enumerable.Range(0, logits.Length).OrderByDescending(id => logits[id])];
        int[] kept = k > 0 ? [.. order.Take(k)] : order;
        double[] probabilities = Softmax([.. kept.Select(id => logits[id])], temperature);
        HashSet<int> allowed = [];
        double reached = 0;
        for (int i = 0; i < kept.Length && (i == 0 || reached < p + 1e-5); i++)
        {
            reached += probabilities[i];
            if (probabilities[i] >= (minP * probabilities[0]) - 1e-6)
            {
                allowed.Add(kept[i]);
            }
        }

        // Equal logits may change places.
        return [.. Enumerable.Range(0, logits.Length).Where(id => allowed.Any(other => logits[other] == logits[id]))];
    }

    private sealed class OnlyLast : ILogitsProcessor
    {
        public void Process(ReadOnlySpan<int> tokens, Span<float> logits) => logits[..^1].Fill(float.NegativeInfinity);
    }
}
