namespace LittleStories;

/// <summary>
/// Tells little stories. What is said early binds what comes late: pronouns agree with names, what was picked up is what is given away, counts add up,
/// directions and promises are repeated as they were given.
/// </summary>
internal static partial class StoryGrammar
{
    private static readonly Action<Scene>[] Episodes =
    [
        FindThing, LoseAndFind, HideAndMove, TradeThing, BuyThree,
        CountGift, CountHarvest, CompareAges, ShareOut,
        PromiseToMeet, RepeatMessage, ExplainNoise, GuessColor, FallIll,
        FollowDirections, ShelterFromWeather, HoldContest, LearnToPlay, BakeTogether, TravelByVehicle,
    ];

    /// <summary>One story: an opening, three to five different episodes and an ending; paragraphs are lines.</summary>
    public static string Tell(SplitMix64 random)
    {
        var scene = new Scene(random);
        Open(scene);
        var count = random.Between(2, 4);
        var told = new HashSet<int>();
        while (told.Count < count)
        {
            var episode = random.Next(Episodes.Length);
            if (told.Add(episode))
            {
                scene.Break();
                PassTime(scene);
                Episodes[episode](scene);
            }
        }

        scene.Break();
        End(scene);
        return scene.Text;
    }

    private static void PassTime(Scene scene)
    {
        if (scene.Random.Chance(0.35))
        {
            scene.Say(
                "The next {daytime} was {weather}.",
                "After {#2-12} days it was {weather}[ again|].",
                "{p} was {sad} [about|because of] {cause}.",
                "{q} {adverb} [put away|cleaned|looked at] {q.his} {quality} {thing}.",
                "It was a {weather} {day}.");
        }
    }

    /// <summary>Stories until they hold at least the given number of characters.</summary>
    public static IReadOnlyList<string> TellMany(ulong seed, int characters)
    {
        var random = new SplitMix64(seed);
        var stories = new List<string>();
        for (var total = 0; total < characters; total += stories[^1].Length + 2)
        {
            stories.Add(Tell(random));
        }

        return stories;
    }
}
