namespace LittleStories;

/// <content>Episodes about numbers: every sum is right.</content>
internal static partial class StoryGrammar
{
    private static void CountGift(Scene scene)
    {
        var start = scene.Random.Between(6, 20);
        var gift = scene.Random.Between(2, start - 3);
        scene.Bind("n", start);
        scene.Bind("m", gift);
        scene.Bind("rest", start - gift);
        scene.Say(
            "{p} had {n} {fruit>many} in {p.his} {container}.",
            "In the {container} {p} counted {n} {fruit>many}.",
            "\"How many {fruit>many} do you have?\" {q} {asked}. \"{N},\" {p} {said}.");
        scene.Say(
            "{q} was {sad}, so {p} gave {m} of them to {q.him}.",
            "{p.He} sold {m} {many} to a {job} [from {town}|at the {place}].",
            "A {animal} came and [ate|took|stole] {m} of the {many}.");
        scene.Say(
            "Now there were {rest} left.",
            "Then {p.he} had only {rest} {many}.",
            "\"{N} less {m} is {rest},\" {q} {said}[, who was good at counting|].");
    }

    private static void CountHarvest(Scene scene)
    {
        var first = scene.Random.Between(2, 10);
        var second = scene.Random.Between(2, 10);
        scene.Bind("n", first);
        scene.Bind("m", second);
        scene.Bind("sum", first + second);
        scene.Say(
            "{p} and {q} went to the {place} to look for {fruit>many}.",
            "It was the time of the {fruit>many}. {p} and {q} each took a {container}.");
        scene.Say(
            "{p} found {n} and {q} found {m}.",
            "{p.He} picked {n} {many}[ in the {daytime}|], and {q} picked {m}.",
            "\"I have {n},\" {said} {p}. \"And I have {m},\" {q} {said}.");
        scene.Say(
            "Together they had {sum} {many}.",
            "{N} and {m} make {sum}, so they brought {sum} {many} home.",
            "They counted them [twice|{adverb}|on the grass]: {sum}!");
    }

    private static void CompareAges(Scene scene)
    {
        var age = scene.Random.Between(5, 14);
        var years = scene.Random.Between(2, 6);
        var isOlder = scene.Random.Chance(0.5) || age - years < 3;
        scene.Bind("n", age);
        scene.Bind("m", years);
        scene.Bind("k", isOlder ? age + years : age - years);
        scene.Bind("cmp", isOlder ? "older" : "younger");
        scene.Cast("r");
        scene.Say(
            "{q} had a {r.son} [named|called] {r}.",
            "At the {place} sat a {r.boy} named {r}, {q}'s child.");
        scene.Say(
            "\"My cousin is {n} years old,\" {said} {p}. \"{r} is {m} years {cmp},\" {q} {said}, \"so {r.he} is {k}.\"",
            "\"How old are you?\" {p} {asked}. \"My cousin is {n}, and I am {m} years {cmp},\" {said} {r}. \"Then you are {k}!\" {p} {said}.");
        scene.Say("{r} [laughed|nodded] and showed {p} {r.his} {quality} {thing}.", "For {r.his} birthday, {p} made {r} a {dish} with {k} candles.");
    }

    private static void ShareOut(Scene scene)
    {
        var people = scene.Random.Between(2, 4);
        var each = scene.Random.Between(2, 5);
        scene.Bind("n", people * each);
        scene.Bind("people", people);
        scene.Bind("each", each);
        scene.Say(
            "There were {people} hungry children at the {place} and {n} {fruit>many} in the {container}.",
            "{p} wanted to share {n} {fruit>many} with {people} {trait} children.");
        scene.Say("\"How many for each?\" {p} {asked}. \"{Each},\" {said} {q}.", "\"Everyone gets {each},\" {q} {said} {adverb}.", "{q} counted {adverb}: {each} {many} for each child.");
        scene.Say("The {people} children were {glad}.", "Each child ate {each} {many}, and [nothing was left|the {container} was empty].");
    }
}
