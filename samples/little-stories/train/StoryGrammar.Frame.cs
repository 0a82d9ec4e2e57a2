namespace LittleStories;

/// <content>How stories begin and end.</content>
internal static partial class StoryGrammar
{
    private static void Open(Scene scene)
    {
        scene.Bind("town", scene.Draw("town"));
        scene.Bind("nature", scene.Draw("trait"));
        scene.Cast("p");
        scene.Cast("q");
        scene.Say(
            "Once [upon a time |]there was a {nature} {p.boy} named {p}. {p.He} lived [near|behind|beside] the {place>home} in {town} with {p.his} [{p.father}|{p.grandfather}|{p.uncle}|{p.brother}].",
            "{p} was a {nature} {job>trade} [from|in] {town}. Every {daytime} {p.he} {walked} to the {place>home} [alone|with a song|before work].",
            "It was a {weather>sky} {daytime>time} in {season}. {p}, a {nature} {p.boy} from {town}, [sat|stood|waited] [by|near] the {place>home} and was {chore}.",
            "In the {nature} little town of {town}, [near the|not far from the] {place>home}, there lived a {p.man} [called|named] {p}, who was a {job>trade}.",
            "One {weather>sky} {daytime>time}, {p} was {chore} when {q} came to the {place>home}.",
            "On {day>today} {daytime} {p} [woke up early|got up late|could not sleep]. {p.He} wanted to {wish>wish}[ before the {season} was over|].");
        if (scene.Random.Chance(0.5))
        {
            scene.Say(
                "{p.He} always wore a {color>hue} {garment>dress}[ that {p.his} {p.father} had made|].",
                "{p.His} {garment>dress} was {color>hue}, and everybody in {town} knew it.");
        }

        if (scene.Random.Chance(0.4))
        {
            scene.Say(
                "{p.He} had a {quality>look} {animal>kind} [named|called] {pet>pet}.",
                "{pet>pet}, {p.his} {animal>kind}, [went with {p.him} everywhere|was {p.his} best friend|slept at {p.his} feet].");
        }

        scene.Say(
            "{p.His} friend {q} was a {job>work} and [very|rather|quite] {trait>mood}.",
            "{q} was {p.his} {trait>mood} neighbor[, a {job>work}|].",
            "{p} and {q} had been friends for [many|{#2-12}] years.",
            "{p} did not know yet that {q}, the {job>work}, [would need {p.him}|was {sad}|was waiting for {p.him}].");
    }

    private static void End(Scene scene)
    {
        if (scene.Knows("pet") && scene.Random.Chance(0.7))
        {
            scene.Say(
                "{pet} the {kind} [fell asleep|was hungry|was {glad} too].",
                "At home {p.he} gave {pet} some {food}, because even a {kind} can be {sad}.");
        }

        if (scene.Knows("hue") && scene.Random.Chance(0.7))
        {
            scene.Say(
                "{p} [hung up|took off|folded] {p.his} {hue} {dress}.",
                "There was [mud|snow|dust|flour] on the {hue} {dress}, but {p.he} did not mind.");
        }

        if (scene.Held.Count > 0)
        {
            scene.Bind("last", scene.Held[^1]);
            scene.Say(
                "That {daytime} {p} put the {last} [beside {p.his} bed|on the table|in a {container}] and [smiled|slept well|thought of {q}].",
                "{p.He} kept the {last} for the rest of {p.his} life.",
                "{p} showed the {last} to {p.his} [{p.father}|{p.brother}|{p.grandfather}], who was {glad}.");
        }

        if (scene.Knows("wish") && scene.Random.Chance(0.6))
        {
            scene.Say("And one day, {p} did {wish}.", "{p.He} still wanted to {wish}, and {q} [promised|wanted] to help {p.him}.");
        }

        scene.Say(
            "From then on {p} and {q} [were the best of friends|met every {day}|always helped each other].",
            "{p} had learned to {lesson}.",
            "\"[Remember to|It is good to] {lesson},\" {q} {said}, and {p} [nodded|agreed|never forgot it].",
            "So ended the story of {p}, the {nature} {p.boy}.",
            "[Then|At last|In the end] {p.he} [went home|{walked} home] {adverb}, {glad} and [tired|hungry|warm].");
    }
}
