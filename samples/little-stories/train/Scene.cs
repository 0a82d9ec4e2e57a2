using System.Text;

namespace LittleStories;

/// <summary>
/// The state of one story (who is there, who holds what) and the template language that its sentences are written in:
/// <c>[x|y]</c> is one of two wordings, <c>{list}</c> a fresh word of a list, <c>{list>name}</c> the same and remembered,
/// <c>{name}</c> what was remembered, <c>{p.his}</c> a form that agrees with character p; <c>{#2-9}</c> a number; a capital first letter capitalises.
/// </summary>
internal sealed class Scene(SplitMix64 random)
{
    private readonly Dictionary<string, string> _bindings = [];
    private readonly Dictionary<string, Character> _characters = [];
    private readonly HashSet<string> _used = [];
    private readonly StringBuilder _text = new();

    /// <summary>The source of every choice.</summary>
    public SplitMix64 Random { get; } = random;

    /// <summary>What the main character carries, in the order it came.</summary>
    public List<string> Held { get; } = [];

    /// <summary>The story so far.</summary>
    public string Text => _text.ToString();

    /// <summary>Whether a name has been remembered.</summary>
    public bool Knows(string name) => _bindings.ContainsKey(name) || _characters.ContainsKey(name);

    /// <summary>What was remembered under a name.</summary>
    public string Recall(string name) => _bindings[name];

    /// <summary>Remembers a word under a name.</summary>
    public void Bind(string name, string value) => _bindings[name] = value;

    /// <summary>Remembers a number, as a word.</summary>
    public void Bind(string name, int value) => _bindings[name] = Lexicon.Number(value);

    /// <summary>Brings in a character with a name that nobody in this story has.</summary>
    public void Cast(string role)
    {
        var isFemale = Random.Chance(0.5);
        _characters[role] = new Character(Draw(isFemale ? "girl" : "boy"), isFemale);
    }

    /// <summary>A word that this story has not drawn yet; early words of a list are more frequent than late ones.</summary>
    public string Draw(string list)
    {
        var words = Lexicon.Words(list);
        var word = words[0];
        for (var attempt = 0; attempt < 20; attempt++)
        {
            word = words[(int)(words.Count * Math.Pow(Random.NextUnit(), 1.5))];
            if (_used.Add(word))
            {
                break;
            }
        }

        return word;
    }

    /// <summary>Ends the paragraph.</summary>
    public void Break() => _text.Append('\n');

    /// <summary>Adds one of the given templates to the story.</summary>
    public void Say(params string[] templates)
    {
        var sentence = new StringBuilder();
        Expand(Random.Pick(templates), sentence);
        if (_text.Length > 0 && _text[^1] != '\n')
        {
            _text.Append(' ');
        }

        _text.Append(Articles.Agree(sentence.ToString()));
    }

    private void Expand(ReadOnlySpan<char> template, StringBuilder output)
    {
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] == '[')
            {
                var end = Close(template, i);
                ExpandChoice(template[(i + 1)..end], output);
                i = end;
            }
            else if (template[i] == '{')
            {
                var length = template[i..].IndexOf('}');
                output.Append(Resolve(template.Slice(i + 1, length - 1).ToString()));
                i += length;
            }
            else
            {
                output.Append(template[i]);
            }
        }
    }

    private void ExpandChoice(ReadOnlySpan<char> body, StringBuilder output)
    {
        var starts = new List<int> { 0 };
        var depth = 0;
        for (var i = 0; i < body.Length; i++)
        {
            depth += body[i] == '[' ? 1 : body[i] == ']' ? -1 : 0;
            if (depth == 0 && body[i] == '|')
            {
                starts.Add(i + 1);
            }
        }

        var choice = Random.Next(starts.Count);
        var stop = choice + 1 < starts.Count ? starts[choice + 1] - 1 : body.Length;
        Expand(body[starts[choice]..stop], output);
    }

    private static int Close(ReadOnlySpan<char> template, int open)
    {
        var depth = 0;
        for (var i = open; i < template.Length; i++)
        {
            depth += template[i] == '[' ? 1 : template[i] == ']' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        throw new FormatException($"\"{template}\" has an open bracket");
    }

    private string Resolve(string slot)
    {
        var dot = slot.IndexOf('.', StringComparison.Ordinal);
        if (slot[0] == '#')
        {
            var bounds = slot[1..].Split('-');
            return Lexicon.Number(Random.Between(int.Parse(bounds[0]), int.Parse(bounds[1])));
        }

        var arrow = slot.IndexOf('>', StringComparison.Ordinal);
        if (dot >= 0)
        {
            var form = slot[(dot + 1)..];
            return MatchCase(form, _characters[slot[..dot]].Form(form.ToLowerInvariant()));
        }

        if (arrow >= 0)
        {
            var drawn = Draw(slot[..arrow].ToLowerInvariant());
            _bindings[slot[(arrow + 1)..]] = drawn;
            return MatchCase(slot, drawn);
        }

        var name = slot.ToLowerInvariant();
        return _characters.TryGetValue(slot, out var character) ? character.Name
            : MatchCase(slot, _bindings.TryGetValue(name, out var value) ? value : Draw(name));
    }

    private static string MatchCase(string model, string word) =>
        char.IsUpper(model[0]) ? char.ToUpperInvariant(word[0]) + word[1..] : word;
}
