using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rocket.Models.ChatTemplates;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Tests.ChatTemplates;

public sealed class RealTemplateTests
{
    public static TheoryData<string> Open { get; } = [.. ExpectedRenderings.Models(restricted: false).Select(model => (string)model["name"]!)];

    [Theory]
    [MemberData(nameof(Open))]
    public void A_template_renders_every_conversation_as_transformers_does(string name)
        => Assert.Empty(Differences(ExpectedRenderings.Models(restricted: false).Single(model => (string)model["name"]! == name), "templates"));

    [Fact]
    public void Templates_that_may_not_lie_here_render_to_the_digests_of_transformers_texts()
    {
        Assert.SkipUnless(SharedData.IsHeavy, "These templates are fetched: ROCKET_HEAVY=1 reads them.");
        Assert.True(
            Directory.Exists(Path.Combine(ExpectedRenderings.Folder, "templates", "restricted")),
            "Run `npm install --no-package-lock && node make.mjs` in tests/Rocket.Models.Tests/ChatTemplates/fixtures: these templates are fetched, not committed.");
        Assert.Empty(ExpectedRenderings.Models(restricted: true).SelectMany(model => Differences(model, "templates", "restricted")));
    }

    private static List<string> Differences(JsonObject model, params string[] folder)
    {
        string source = File.ReadAllText(Path.Combine([ExpectedRenderings.Folder, .. folder, (string)model["file"]!]));
        var tokens = new[] { "bos", "eos" }.Where(token => model[token] is not null).ToDictionary(token => token + "_token", token => (string)model[token]!);
        ChatTemplate template = ChatTemplate.Parse(source, tokens);
        List<string> differences = [];
        foreach (JsonNode? rendering in model["renderings"]!.AsArray())
        {
            string conversation = (string)rendering!["conversation"]!;
            string expected = (string?)rendering["text"] ?? (string?)rendering["sha256"] ?? "fails";
            string found = Render(template, conversation, rendering["sha256"] is not null, out string? error);
            if (found != expected)
            {
                differences.Add($"{model["name"]}, {conversation}: {error}\n--- expected\n{expected}\n--- found\n{found}\n");
            }
        }

        return differences;
    }

    private static string Render(ChatTemplate template, string conversation, bool isDigest, out string? error)
    {
        error = null;
        try
        {
            string text = template.Render(ExpectedRenderings.Prompt(conversation));
            return isDigest ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) : text;
        }
        catch (RocketException failure) when (failure.Code is "RKT2454" or "RKT2455")
        {
            error = failure.Message;
            return "fails";
        }
    }
}
