namespace LittleStories;

/// <content>Episodes about talk: who said what is remembered.</content>
internal static partial class StoryGrammar
{
    private static void PromiseToMeet(Scene scene)
    {
        scene.Say(
            "\"Meet me by the {spot>meet} on {day>when},\" {q} {said}. \"I will bring [some|the] {food>snack}.\"",
            "{q} promised to wait at the {spot>meet} on {day>when} and to bring some {food>snack}.");
        scene.Say("{p} {walked} [home|to the {place}] and was {glad}.", "All week {p} was {chore}.", "The days went by {adverb}. {p} was {sad}, because {q.he} might forget.");
        scene.Say(
            "On {when} {p} {walked} to the {meet}. There stood {q} with the {snack}, just as {q.he} had promised.",
            "When {when} came, {p.he} waited by the {meet}, but {q} did not come. \"I am sorry,\" {q.he} {said} later, \"I was {chore}.\" They ate the {snack} together.",
            "But on {when} it was {weather}. {p} still {walked} to the {meet}, and so did {q}. The {snack} [was wet|tasted good].");
    }

    private static void RepeatMessage(Scene scene)
    {
        scene.Cast("r");
        scene.Say(
            "\"Tell {r} that the {animal>beast} is in the {place>there},\" {q} {said} to {p}.",
            "{q} had a message for {r}: the {animal>beast} was in the {place>there}.");
        scene.Say("{p} {walked} past the {landmark} and [over|past] the {landmark} until {p.he} found {r}.", "{r}, the {job}, lived [near|behind] the {landmark}. {p} knocked at the door.");
        scene.Say(
            "\"{q} says that your {beast} is in the {there},\" {p} {said}.",
            "{r} {asked} what {q} had said. \"The {beast} is in the {there},\" {said} {p}.");
        scene.Say(
            "{r} {walked} to the {there} and brought the {beast} home.",
            "\"My {beast}!\" {r} {said}. \"Thank you, {p}, and thank {q} too.\"",
            "{r} was {glad} and gave {p} a {dish>present}.");
    }

    private static void ExplainNoise(Scene scene)
    {
        scene.Say(
            "Suddenly there was a {noise>sound} [behind|near|under] the {spot>source}.",
            "In the middle of the {daytime}, {p} heard a {noise>sound} from the {spot>source}.");
        scene.Say(
            "\"Is it {cause}?\" {p} {asked}. \"No,\" {q} {said}, \"I think it is {cause>culprit}.\"",
            "\"That is {cause>culprit},\" {said} {q}. {p} was {sad} and did not believe {q.him}.",
            "{p} was {sad}. {q} {said} that it was only {cause>culprit}.");
        scene.Say(
            "They {walked} {adverb} to the {source}. {q} was right: it was {culprit}.",
            "{p} looked behind the {source}. The {sound} came from {culprit}, as {q} had said.",
            "{p.He} took a {thing} and {walked} to the {source}. There was nothing but {cause}, so {q} had been wrong.");
    }

    private static void GuessColor(Scene scene)
    {
        scene.Bind("item", scene.Draw("thing"));
        scene.Say(
            "\"Guess the color of my {item},\" {q} {said}.",
            "{q} had a new {item}, and {p} was to guess its color.");
        scene.Say(
            "\"Is it {color>c1}?\" \"No.\" \"Is it {color>c2}?\" \"No, it is not {c1} and not {c2}.\" \"Then it is {color>c3}!\" \"Yes,\" {said} {q}.",
            "{p} guessed {color>c1} and then {color>c2}, but it was {color>c3}.");
        scene.Say("{q} showed {p.him} the {c3} {item}.", "\"I like {c3} better than {c1},\" {p} {said}.", "Since that day {p} called {q.him} the {q.man} with the {c3} {item}.");
    }

    private static void FallIll(Scene scene)
    {
        scene.Cast("r");
        scene.Say(
            "{q} had a {illness>ill} and stayed in bed. {p} went to {r}, the doctor.",
            "One {daytime} {q} {adverb} {said}, \"I have a {illness>ill}.\" {p} ran to get {r}, a {trait} doctor.");
        scene.Say(
            "\"For a {ill}, take {remedy>cure},\" {said} {r}, \"and no {food>no}.\"",
            "The doctor looked at {q.him}. \"{q.He} needs {remedy>cure},\" {r.he} {said}, \"and {q.he} must not eat {food>no}.\"");
        scene.Say(
            "So {p} made sure that {q} got {cure} and no {no}. [On {day}|Soon|After {#2-9} days] the {ill} was gone.",
            "\"May I have some {no}?\" {asked} {q}. \"No,\" {p} {said}, \"the doctor told you to take {cure}.\"",
            "But {q} ate {no}, and the {ill} got worse. Then {q.he} took {cure}, as {r} had told {q.him}.");
    }
}
