namespace LittleStories;

/// <content>Episodes about things: what is picked up is what is lost, moved, traded and bought.</content>
internal static partial class StoryGrammar
{
    private static string NewThing(Scene scene)
    {
        var adjective = scene.Draw(scene.Random.Chance(0.5) ? "material" : "quality");
        return $"{adjective} {scene.Draw("thing")}";
    }

    private static void FindThing(Scene scene)
    {
        scene.Bind("item", NewThing(scene));
        scene.Say(
            "[Under|Behind|Near] the {spot>where} {p} found a {item}.",
            "{p} {walked} to the {place} and saw a {item} [lying|hidden] [under|behind|beside] the {spot>where}.",
            "Something [shone|lay] in the grass by the {spot>where}. It was a {item}, and {p} [picked it up|put it in {p.his} pocket].");
        scene.Say(
            "\"Who has lost [this|a] {item}?\" {p.he} {asked}.",
            "\"What a {quality} thing,\" {p.he} {said}. \"I will show it to {q}.\"",
            "{p.He} had never [seen|held] such a {item} before.");
        if (scene.Random.Chance(0.5))
        {
            scene.Say(
                "\"That is mine!\" {q} {said}. \"I lost my {item} [on {day}|last {season}|by the {where}].\" So {p} gave the {item} [back to {q}|to {q.him}], and {q.he} was {glad}.",
                "{q} had been looking for the {item} for days. When {p} [handed|brought] it to {q.him}, {q.he} [laughed|cried|jumped] with joy.");
        }
        else
        {
            scene.Say("Nobody [in {town}|at the {place}] missed the {item}, so {p} kept it.", "\"Keep it,\" {q} {said}, and {p} [was {glad}|thanked {q.him}].");
            scene.Held.Add(Current(scene));
        }
    }

    private static void LoseAndFind(Scene scene)
    {
        scene.Bind("item", NewThing(scene));
        scene.Say(
            "{p.His} {p.grandfather} had given {p} a {item}. {p.He} left it [by|under|on] the {spot>true} while {p.he} was {chore>busy}.",
            "While {p} was {chore>busy} near the {spot>true}, {p.he} put down {p.his} {item} and forgot it there.");
        scene.Say(
            "In the {daytime} the {item} was gone. {p} was {sad}.",
            "At home {p.he} {adverb} [opened|emptied] {p.his} bag: no {item}! {p} was {sad}.");
        scene.Say(
            "First {p.he} looked [near|behind] the {spot}, then [near|under] the {spot}, but it was not there.",
            "{q} helped {p.him} to look in the {container} and in the {container}. Nothing.");
        scene.Say(
            "\"Where were you [today|this {daytime}]?\" {q} {asked}. \"I was {busy},\" {said} {p}. They {walked} back to the {true}, and there was the {item}.",
            "Then {p} remembered {busy}. {p.He} {walked} to the {true} and found the {item} [at once|in the grass|just as {p.he} had left it].");
        scene.Held.Add(Current(scene));
    }

    private static void HideAndMove(Scene scene)
    {
        scene.Cast("r");
        scene.Bind("item", NewThing(scene));
        scene.Say(
            "{q} put a {item} into the {container>first} and {walked} to the {place>away}.",
            "{q} hid {q.his} {item} in the {container>first}. Then {q.he} left for the {place>away}.");
        scene.Say(
            "But {r} {adverb} [moved|carried] it from the {first} to the {container>second}.",
            "While {q} was at the {away}, {r} took the {item} out of the {first} and put it in the {container>second}. {p} saw it.");
        scene.Say(
            "When {q} came back from the {away}, {q.he} opened the {first}. It was empty! \"Look in the {second},\" {p} {said}. \"{r} put it there.\"",
            "{q} came back and looked for {q.his} {item} in the {first}, because {q.he} did not know what {r} had done. {p} pointed at the {second}.");
        scene.Say("\"I am sorry,\" {r} {said}. \"[It was a joke|I only wanted to look at the {item}|I will not do it again].\"", "{r} was {sad}, but {q} [forgave {r.him}|only laughed|shook {r.his} hand].");
    }

    private static void TradeThing(Scene scene)
    {
        if (scene.Held.Count == 0)
        {
            scene.Held.Add(NewThing(scene));
        }

        scene.Bind("mine", scene.Held[^1]);
        scene.Bind("item", NewThing(scene));
        scene.Cast("r");
        scene.Say(
            "At the {place} {p} met {r}, a {trait} {job>trader}, who had a {item} to sell.",
            "A {job>trader} named {r} [stopped|stood] [by|near] the {spot}. {r.He} was carrying a {item}.");
        scene.Say(
            "\"I have no money,\" {p} {said}, \"but I can give you my {mine} for it.\" The {trader} [agreed|thought for a while and nodded].",
            "\"Give me your {mine},\" {r} {said}, \"and you can have my {item}.\" {p} [was {sad}, but agreed|agreed {adverb}].");
        scene.Say("So {r} took the {mine}, and {p} {walked} [home|away] with the {item}.", "Now the {mine} was {r.his}, and the {item} belonged to {p}.");
        scene.Held[^1] = Current(scene);
    }

    private static void BuyThree(Scene scene)
    {
        scene.Bind("c", scene.Random.Between(2, 12));
        scene.Say(
            "{p.His} {p.father} sent {p} to the {place>shop}. \"We need {food>x}, {food>y} and {c} {fruit>z},\" {p.he} was told.",
            "\"[Please buy|Bring me] some {food>x}, some {food>y} and {c} {fruit>z},\" {q} {said}. {p} {walked} to the {place>shop}.");
        scene.Say(
            "On the way {p.he} said it again and again: {x}, {y} and {c} {z}.",
            "{p.He} [saw|watched] a {animal} on the road and almost forgot what to buy.");
        scene.Say(
            "At the {shop} {p.he} bought the {x} first, then the {y}, and last the {c} {z}.",
            "{p.He} got the {x} and the {y}, but there were no {z} at the {shop}, so {p.he} took {fruit} [instead|home].",
            "{p.He} came back with {x}, {y} and {c} {z}, and [nothing was missing|{p.his} bag was heavy].");
    }

    private static string Current(Scene scene) => scene.Recall("item");
}
