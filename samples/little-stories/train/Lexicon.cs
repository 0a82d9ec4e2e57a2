namespace LittleStories;

/// <summary>The words of the grammar: named lists, the frequent words first.</summary>
internal static class Lexicon
{
    private const string Source = """
        girl: Anna, Lily, Mara, Rosa, Clara, Nora, Ella, Ruth, Ivy, Greta, Hanna, Sofia, Tilda, Wilma, Yara, Zoe, Bella, Carmen, Dora, Edith, Flora, Gwen, Hilda, Iris, Josie, Katya, Leonie, Molly, Nadia, Olive, Petra, Queenie, Rita, Sally, Thea, Ursula, Vera, Willow, Alma, Bridget, Celia, Daphne, Esme, Freya, Gloria, Helga, Ingrid, June
        boy: Tom, Ben, Max, Leo, Oscar, Hugo, Paul, Sam, Felix, Anton, Jonas, Karl, Ned, Otto, Peter, Ralph, Simon, Theo, Victor, Walter, Adam, Bruno, Caleb, Dennis, Emil, Frank, George, Henry, Ivan, Jack, Konrad, Luke, Martin, Noah, Oliver, Philip, Robin, Stefan, Tobias, Urban, Vincent, Wesley, Arthur, Boris, Conrad, David, Edgar, Fergus
        town: Marlow, Fernhill, Oakton, Greywater, Pinefield, Redbridge, Stonely, Windham, Brackley, Coldbrook, Dunmere, Eastwold, Foxley, Gullhaven, Hartmoor, Ivyport, Kingsford, Larkdale, Millbury, Northcote
        place: market, harbor, garden, forest, river, school, library, barn, beach, mill, meadow, bakery, station, castle, orchard, lake, bridge, church, museum, farm, theater, workshop, lighthouse, park, inn, valley, cave, stable, square, hill, island, pier, windmill, tower, vineyard, quarry
        spot: bench, oak, well, fence, stone wall, fountain, gate, old cart, hedge, ladder, rose bush, haystack, willow, wooden steps, barrel, statue, woodpile, doghouse, stone bridge, apple tree
        thing: key, lantern, book, coin, ring, kite, whistle, compass, map, drum, basket, mirror, bell, feather, shell, rope, candle, letter, spoon, marble, button, clock, brush, ribbon, pencil, telescope, flute, hammer, teapot, umbrella, bucket, doll, locket, puzzle, notebook, lamp, magnet, pocket knife, pillow, wagon, jar, fiddle, paddle, crown, horseshoe, chess piece, photograph, thimble, vase, walking stick
        material: wooden, silver, golden, iron, glass, paper, leather, copper, stone, clay, brass, ivory, tin, velvet, bamboo
        quality: small, old, shiny, broken, heavy, strange, dusty, pretty, tiny, rusty, smooth, bright, plain, crooked, empty, painted, round, precious, dirty, odd, lovely, simple, cracked, curious, polished
        color: red, blue, green, yellow, white, black, brown, purple, orange, gray, pink, violet
        garment: coat, hat, scarf, jacket, sweater, cap, shirt, cloak, vest, apron, raincoat, pair of boots, pair of gloves, pair of socks
        animal: dog, cat, rabbit, pony, goat, duck, parrot, hen, lamb, turtle, donkey, mouse, goose, hedgehog, crow, squirrel, piglet, frog
        pet: Pip, Rusty, Biscuit, Shadow, Dot, Ginger, Bramble, Socks, Nugget, Pepper, Button, Clover, Muffin, Storm, Hazel, Jasper, Patch, Whisker
        fruit: apples, pears, plums, eggs, cherries, nuts, berries, peaches, carrots, cookies, lemons, mushrooms, turnips, buns, onions, pumpkins, candles, stamps, marbles, shells, feathers, fish, flowers, stones
        food: bread, cheese, butter, milk, honey, rice, salt, flour, sugar, tea, soup, jam, beans, corn, bacon, cream, garlic, pepper, oats, cocoa, ham, yeast
        dish: cake, pie, stew, omelet, pudding, salad, porridge, loaf of bread, tart, pot of soup, pancake, sandwich
        job: baker, farmer, sailor, teacher, doctor, painter, carpenter, tailor, fisher, gardener, miller, shepherd, blacksmith, postman, cook, musician, soldier, judge, hunter, weaver, potter, librarian, mason, merchant
        trait: kind, clever, brave, quiet, cheerful, shy, curious, patient, lazy, stubborn, honest, gentle, proud, careful, hungry, lonely, polite, noisy, generous, forgetful, sleepy, clumsy, wise, bold
        glad: happy, proud, glad, delighted, pleased, thankful, excited, relieved, hopeful, cheerful
        sad: sad, angry, worried, upset, afraid, tired, lonely, ashamed, disappointed, jealous, nervous, confused
        adverb: slowly, quickly, quietly, carefully, happily, suddenly, softly, gladly, proudly, gently, calmly, loudly, eagerly, bravely, sadly, patiently, politely, nervously
        walked: walked, ran, went, hurried, wandered, marched, rode, strolled, rushed, climbed down, skipped, limped, drove, sailed
        said: said, whispered, answered, shouted, replied, called, cried, muttered, laughed, explained, sighed, added
        asked: asked, wanted to know, wondered, demanded, inquired
        weather: sunny, rainy, windy, cold, foggy, snowy, stormy, warm, cloudy, hot, frosty, mild
        daytime: morning, evening, afternoon, night, day
        season: spring, summer, autumn, winter
        day: Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday
        container: box, drawer, chest, bag, cupboard, basket, pocket, sack, trunk, suitcase, barrel, jar, cabinet, desk, crate, bowl
        landmark: church, old oak, windmill, red barn, fountain, bakery, stone bridge, well, tall tower, gray wall, pond, market, statue, schoolhouse, blue house, crossroads
        game: chess, cards, hide and seek, football, tag, checkers, dominoes, catch
        prize: medal, silver cup, golden ribbon, bag of sweets, new saddle, wreath of roses, purse of coins, big cake, painted shield, brass trumpet
        contest: race, singing contest, chess match, swimming race, spelling contest, sack race, rowing race, cooking contest, dance, archery contest
        instrument: piano, violin, guitar, trumpet, harp, flute, drum, cello, banjo, horn
        tree: oak, pine, birch, maple, elm, willow, cedar, chestnut, beech, ash
        wish: see the ocean, learn to swim, fly a kite, build a boat, write a book, bake a perfect cake, ride a horse, visit the king, paint a picture, win a race, find a treasure, plant a tree, catch a big fish, play the violin, travel to the mountains, open a shop, sleep under the stars, meet a real sailor, climb the tallest hill, learn to dance
        chore: sweeping the floor, feeding the chickens, washing the dishes, mending a net, chopping wood, reading a book, painting the fence, picking berries, cleaning the windows, writing a letter, watering the roses, milking the cow, counting coins, folding the sheets, carving a spoon, polishing shoes, digging a hole, peeling potatoes
        lesson: be patient, tell the truth, share with others, never give up, listen to a friend, keep a promise, look twice before you leap, ask for help, be kind to strangers, take care of small things, work before you play, be thankful
        noise: loud crash, strange whistle, soft knock, deep rumble, sharp crack, long howl, low hum, faint cry, sudden splash, rattle of wheels
        cause: the wind, a clumsy goat, an old wagon, a fox, the church bell, a hungry bear, a falling branch, a lost calf, a merry band, an owl, a broken shutter, a runaway horse
        illness: cold, fever, sore foot, headache, bad cough, broken arm, stomach ache, sore throat
        remedy: hot tea, warm soup, honey and lemon, a long sleep, a soft bandage, bitter medicine, fresh air, peppermint
        vehicle: cart, boat, train, wagon, bicycle, sleigh, carriage, ferry, balloon, coach
        """;

    private static readonly Dictionary<string, string[]> Lists = Source.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
        .ToDictionary(parts => parts[0], parts => parts[1].Split(',', StringSplitOptions.TrimEntries));

    private static readonly string[] NumberWords =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
    ];

    /// <summary>The words of one list.</summary>
    public static IReadOnlyList<string> Words(string list) => Lists[list];

    /// <summary>The English word for a number from zero to twenty.</summary>
    public static string Number(int value) => NumberWords[value];
}
