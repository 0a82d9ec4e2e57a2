using Rocket.Models.Diagnostics;

namespace Rocket.Inference.Tests.Execution;

/// <summary>Sessions: going back, running at once, what they allocate.</summary>
public sealed class GoldenSessionTests
{
    public static TheoryData<string> Models() => [.. GoldenFolder.Names()];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_session_that_goes_back_gives_what_a_new_one_gives(string name)
    {
        using var golden = new GoldenFolder(name);
        using RocketModel model = RocketModel.Load(golden.Path, new RocketOptions { Threads = 2 });
        int[] long_ = Sequence(model, 1300);
        using InferenceSession session = model.CreateSession();
        session.Append(long_);
        foreach (int position in (int[])[1299, 700, 513, 90, 3, 0])
        {
            // Windows have moved on, so some layers compute what lies before again.
            session.Truncate(position);
            Assert.Equal(position, session.Position);
            using InferenceSession fresh = model.CreateSession(capacity: 40);
            float[] expected = fresh.Append([.. long_[..position], 7, 8]).ToArray();
            Assert.Equal(expected, session.Append([7, 8]).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Sessions_at_once_give_what_they_give_alone(string name)
    {
        using var golden = new GoldenFolder(name);
        using RocketModel model = RocketModel.Load(golden.Path, new RocketOptions { Threads = 2 });
        int[][] sequences = [.. Enumerable.Range(0, 8).Select(s => Sequence(model, 40 + s, s))];
        float[][] expected = [.. sequences.Select(ids => LogitsOf.Parts(model, ids, 5, 1).Last().Logits)];
        float[][] found = new float[sequences.Length][];
        Parallel.For(0, sequences.Length, s => found[s] = LogitsOf.Parts(model, sequences[s], 5, 1).Last().Logits);
        Assert.Equal(expected, found);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_token_allocates_next_to_nothing(string name)
    {
        using var golden = new GoldenFolder(name);
        using RocketModel model = RocketModel.Load(golden.Path, new RocketOptions { Threads = 1 });
        using InferenceSession session = model.CreateSession();
        for (int t = 0; t < 50; t++)
        {
            session.Append([t % 7]);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        const int Tokens = 200;
        for (int t = 0; t < Tokens; t++)
        {
            ReadOnlySpan<int> token = [t % 11];
            session.Append(token);
        }

        long allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / Tokens;
        Assert.True(allocated <= 200, $"{name}: {allocated} bytes a token.");
    }

    [Fact]
    public void A_token_outside_the_vocabulary_is_refused_and_the_session_stays_as_it_was()
    {
        using var golden = new GoldenFolder(GoldenFolder.Names()[0]);
        using RocketModel model = RocketModel.Load(golden.Path);
        using InferenceSession session = model.CreateSession();
        session.Append([1, 2]);
        foreach (int id in (int[])[-1, model.VocabularySize, int.MaxValue])
        {
            Assert.Equal("RKT8007", Assert.Throws<RocketException>(() => { session.Append([3, id]); }).Code);
        }

        Assert.Equal([1, 2], session.Tokens.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => { session.Append([]); });
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Truncate(3));
    }

    private static int[] Sequence(RocketModel model, int length, int seed = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(model.VocabularySize))];
    }
}
