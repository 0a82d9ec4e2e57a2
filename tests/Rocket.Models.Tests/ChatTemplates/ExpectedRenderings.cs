using System.Text.Json.Nodes;

namespace Rocket.Models.Tests.ChatTemplates;

/// <summary>What fixtures/make.mjs wrote: templates of real models, and the texts that transformers renders with them.</summary>
internal static class ExpectedRenderings
{
    public static readonly string Folder = Path.Combine(SharedData.Repository(), "tests", "Rocket.Models.Tests", "ChatTemplates", "fixtures");

    private static readonly JsonObject Expected = Read("expected.json").AsObject();
    private static readonly Dictionary<string, JsonObject> Conversations = Read("conversations.json").AsArray().ToDictionary(item => (string)item!["name"]!, item => item!.AsObject());
    private static readonly JsonObject Tools = Read("tools.json").AsObject();

    /// <summary>The models whose templates lie here, or those whose licence forbids it.</summary>
    public static IEnumerable<JsonObject> Models(bool restricted)
        => Expected["models"]!.AsArray().Select(model => model!.AsObject()).Where(model => ((string)model["licence"]! == "restricted") == restricted);

    /// <summary>A conversation as the fixtures render it.</summary>
    public static Models.ChatTemplates.ChatPrompt Prompt(string conversation)
    {
        JsonObject source = Conversations[conversation];
        return new Models.ChatTemplates.ChatPrompt
        {
            Messages = Objects(source["messages"]!),
            Tools = source["tools"] is { } tools ? Objects(Tools[(string)tools!]!) : null,
            AddsGenerationPrompt = (bool?)source["addGenerationPrompt"] ?? true,
            Variables = source["variables"]?.AsObject(),
            Now = DateTimeOffset.Parse((string)Expected["now"]! + "Z"),
        };
    }

    private static List<JsonObject> Objects(JsonNode items) => [.. items.AsArray().Select(item => item!.AsObject())];

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;
}
