namespace LittleStories;

/// <summary>Someone in a story: a name, and the words that must agree with it.</summary>
internal sealed record Character(string Name, bool IsFemale)
{
    /// <summary>The form that a template asks for, in lower case: "he" becomes "she" for a woman.</summary>
    public string Form(string masculine) => !IsFemale ? masculine : masculine switch
    {
        "he" => "she",
        "his" => "her",
        "him" => "her",
        "himself" => "herself",
        "boy" => "girl",
        "man" => "woman",
        "brother" => "sister",
        "son" => "daughter",
        "father" => "mother",
        "uncle" => "aunt",
        "grandfather" => "grandmother",
        "king" => "queen",
        _ => throw new ArgumentOutOfRangeException(nameof(masculine), masculine, "no feminine form"),
    };
}
