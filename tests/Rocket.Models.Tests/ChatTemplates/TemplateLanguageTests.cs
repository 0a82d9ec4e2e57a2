using System.Text.Json.Nodes;
using Rocket.Models.ChatTemplates;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Tests.ChatTemplates;

public sealed class TemplateLanguageTests
{
    public static TheoryData<string, string?> Cases { get; } = Read();

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_template_means_what_Jinja_means_by_it(string template, string? expected)
    {
        var prompt = new ChatPrompt { Messages = [], Now = new DateTimeOffset(2026, 3, 5, 14, 7, 9, TimeSpan.Zero) };
        if (expected is null)
        {
            RocketException failure = Assert.Throws<RocketException>(() => ChatTemplate.Parse(template).Render(prompt));
            Assert.Contains(failure.Code, (string[])["RKT2452", "RKT2454", "RKT2455"]);
        }
        else
        {
            Assert.Equal(expected, ChatTemplate.Parse(template).Render(prompt));
        }
    }

    private static TheoryData<string, string?> Read()
    {
        var data = new TheoryData<string, string?>();
        foreach (JsonNode? item in JsonNode.Parse(File.ReadAllText(Path.Combine(ExpectedRenderings.Folder, "language.json")))!.AsArray())
        {
            data.Add((string)item!["template"]!, (string?)item["text"]);
        }

        return data;
    }
}
