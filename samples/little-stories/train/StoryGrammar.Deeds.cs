namespace LittleStories;

/// <content>Episodes about journeys, contests and work: order is kept.</content>
internal static partial class StoryGrammar
{
    private static void FollowDirections(Scene scene)
    {
        scene.Bind("turn1", scene.Random.Chance(0.5) ? "left" : "right");
        scene.Bind("turn2", scene.Random.Chance(0.5) ? "left" : "right");
        scene.Say(
            "{p} wanted to go to the {place>goal}. \"Turn {turn1} at the {landmark>l1} and {turn2} at the {landmark>l2},\" {q} {said}.",
            "\"How do I get to the {place>goal}?\" {p} {asked}. \"Go {turn1} at the {landmark>l1}, then {turn2} at the {landmark>l2},\" {said} {q}.");
        scene.Say(
            "{p} {walked} to the {l1} and turned {turn1}. At the {l2} {p.he} turned {turn2}, and there was the {goal}.",
            "At the {l1} {p.he} went {turn1}. Then {p.he} came to the {l2} and went {turn2}, until {p.he} saw the {goal}.",
            "{p} forgot what {q} had told {p.him} and [got lost|came to the {landmark}]. A {job} helped {p.him}: \"First {turn1} at the {l1}, then {turn2} at the {l2}.\"");
        scene.Say("The {goal} was {quality} and full of {trait} people.", "At the {goal} {p.he} met a {job} with a {animal}.", "{p.He} stayed at the {goal} until {daytime}.");
    }

    private static void ShelterFromWeather(Scene scene)
    {
        scene.Say(
            "It was a {weather>change} {daytime}. {p} and {q} [sat down|hid|rested] under the {tree>shelter} near the {place>near}.",
            "On the way to the {place>near} it became {weather>change}, so {p} and {q} waited under a {tree>shelter}.");
        scene.Say(
            "\"I do not like {change} weather,\" {p} {said}. \"I like it when it is {weather>nice}.\"",
            "\"How long will it stay {change}?\" {asked} {q}. \"Until {day>clear},\" {p} {said}.",
            "{q} told a story about a {animal} and a {trait} {job}.");
        scene.Say(
            "After [an hour|a while|some time] they left the {shelter} and {walked} on to the {near}.",
            "At last they reached the {near}, but {q.he} had left {q.his} {thing>left} under the {shelter}.");
    }

    private static void HoldContest(Scene scene)
    {
        scene.Cast("r");
        string[] order = ["p", "q", "r"];
        for (var i = 2; i > 0; i--)
        {
            var j = scene.Random.Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        var (first, second, third) = (order[0], order[1], order[2]);
        scene.Say(
            "On {day>when} there was a {contest>event} at the {place}. {p}, {q} and {r} took part, and the winner would get a {prize>prize}.",
            "\"Let us hold a {contest>event},\" {q} {said} to {p} and {r}. \"The best of us gets the {prize>prize}.\"");
        scene.Say(
            $"{{{first}}} was first, {{{second}}} came second and {{{third}}} was last.",
            $"{{{third}}} was too {{sad}} to do well. {{{second}}} was better, but {{{first}}} was the best of all.",
            $"{{{first}}} won, because {{{first}.he}} had practiced every {{day}}. After {{{first}.him}} came {{{second}}}, then {{{third}}}.");
        scene.Say(
            $"So the {{prize}} went to {{{first}}}, and {{{first}.he}} was {{glad}}.",
            $"\"Well done, {{{first}}},\" {{said}} {{{third}}}. \"The {{prize}} is yours.\"",
            $"{{{first}}} got the {{prize}}. {{{third}}}, who had lost the {{event}}, was {{sad}}, but {{{second}}} [comforted|cheered up|hugged] {{{third}.him}}.");
    }

    private static void LearnToPlay(Scene scene)
    {
        scene.Say(
            "{q} could play the {instrument>inst} {adverb}. \"Teach me,\" {said} {p}.",
            "{p} got a {instrument>inst} from {p.his} {p.grandfather}, but {p.he} could not play it.",
            "Instead of work, {p} and {q} played {game>inst}, and {q} always won.");
        scene.Say("Every {day>weekly} they sat [in the {place}|under the {tree}] and played {adverb}.", "{p.He} tried for {#2-12} weeks and was {sad}.");
        scene.Say(
            "\"You must {lesson},\" {q} {said}.",
            "A {animal} listened at the window, and even the {job} next door was {glad}.",
            "After a {season} {p} was better than {q.him} and the best in [town|the street].");
    }

    private static void BakeTogether(Scene scene)
    {
        scene.Say(
            "{p} and {q} wanted to make a {dish>meal}. They needed {food>x}, {food>y} and {food>z}.",
            "\"For a {dish>meal},\" {said} {q}, \"you take {food>x}, then {food>y}, and a little {food>z}.\"");
        scene.Say(
            "{p} brought the {x} and the {y}, and {q} brought the {z}.",
            "There was enough {x} and {y}, but no {z}. {p} {walked} to the {job} and got some {z}.",
            "{p.He} put the {x} in a bowl, added the {y} and, {adverb}, the {z}.");
        scene.Say(
            "The {meal} was [too hot|too sweet|burnt|very good], and {q} was {glad}.",
            "Soon the whole {place} smelled of {meal}.",
            "A {animal} came in and ate the {meal}. \"Next time we use less {z},\" {q} {said}.");
    }

    private static void TravelByVehicle(Scene scene)
    {
        scene.Say(
            "{p} [took|waited for] a {vehicle>ride} from the {place>from} to {town>goal}.",
            "On {day} {p} and {q} went to {town>goal} by {vehicle>ride}. It left from the {place>from}.");
        scene.Say("The driver of the {ride} was a {trait} {job}.", "The {ride} was {quality} and {color>paint}.", "Halfway to {goal} the {ride} stopped, because {cause} was on the road.");
        scene.Say(
            "When they came to {goal}, {p} was {glad}. It was a town with a {quality} {place}.",
            "In {goal} {p.he} bought a {thing>gift} for {p.his} {p.father}. In the {daytime} the {ride} brought {p.him} back to the {from}.",
            "\"{goal} is far,\" {q} {said}, but the {ride} was fast.");
    }
}
