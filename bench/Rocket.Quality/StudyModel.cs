namespace Rocket.Quality;

/// <summary>A model with the text that calibrates it and the text that it is measured on.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Source">Its folder.</param>
/// <param name="Corpora">Calibration text by kind; the first kind is the one of the tables of methods.</param>
/// <param name="Texts">Text to measure on, by the letter of its column.</param>
/// <param name="Samples">Calibration windows.</param>
/// <param name="Windows">Windows of each text that are measured.</param>
/// <param name="SequenceLength">Tokens a window, of both.</param>
/// <param name="Seed">Seed of the draw.</param>
internal sealed record StudyModel(
    string Name,
    string Source,
    IReadOnlyList<StudyText> Corpora,
    IReadOnlyList<StudyText> Texts,
    int Samples,
    int Windows,
    int SequenceLength,
    long Seed)
{
    /// <summary>The text that is most like the first kind of calibration text without being it; null: the only one.</summary>
    public string? Unseen { get; init; }

    /// <summary>The text that calibrates too when calibration sets are compared; null: none.</summary>
    public string? Halved { get; init; }

    /// <summary>The models that a study knows, by name.</summary>
    /// <param name="shared">The folder with models and corpora.</param>
    /// <param name="chatModel">The folder of the chat model, laid out.</param>
    /// <param name="samples">The repository's folder of samples.</param>
    public static IReadOnlyList<StudyModel> All(string shared, string chatModel, string samples)
    {
        string corpora = Path.Combine(shared, "corpora");
        string stories = Path.Combine(corpora, "tinystories");
        string little = Path.Combine(samples, "little-stories");
        var web = new StudyText("web", Path.Combine(corpora, "openwebtext", "calibration.jsonl"));
        var encyclopaedia = new StudyText("W", Path.Combine(corpora, "wikitext2", "valid.txt"));
        var unseenWeb = new StudyText("C", Path.Combine(corpora, "c4", "evaluation.jsonl"));
        var tales = new StudyText("stories", Path.Combine(stories, "calibration.txt"));
        return
        [
            new("smollm2-135m", chatModel, [web, tales], [encyclopaedia, unseenWeb, new("S", Path.Combine(stories, "evaluation.txt"))], 96, 24, 512, 0) { Unseen = "C", Halved = "W" },
            new("stories260k", Path.Combine(shared, "models", "stories260k"), [tales], [new("S", Path.Combine(stories, "evaluation.txt"))], 256, 64, 256, 0),
            new("little-stories", Path.Combine(little, "model"), [new("own", Path.Combine(little, "text", "calibration.txt"))], [new("L", Path.Combine(little, "text", "evaluation.txt"))], 128, 64, 256, 2023),
        ];
    }
}
