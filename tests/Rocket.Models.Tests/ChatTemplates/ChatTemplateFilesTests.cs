using System.Text.Json.Nodes;
using Rocket.Models.ChatTemplates;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Tests.ChatTemplates;

public sealed class ChatTemplateFilesTests
{
    private static readonly ChatPrompt Question = new() { Messages = [new JsonObject { ["role"] = "user", ["content"] = "Hi" }] };

    [Fact]
    public void The_template_of_tokenizer_config_knows_the_special_tokens()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer_config.json", """{"chat_template": "{{ bos_token }}{{ eos_token }}{{ unk_token }}", "bos_token": "<s>", "eos_token": {"content": "</s>"}, "unk_token": null}""");
        Assert.Equal("<s></s>", ChatTemplate.Load(folder.Path).Render(Question));
    }

    [Fact]
    public void A_file_of_its_own_comes_first()
    {
        using var folder = new TemporaryFolder();
        folder.Write("chat_template.jinja", "file{{ bos_token }}");
        folder.Write("tokenizer_config.json", """{"chat_template": "config", "bos_token": "<s>"}""");
        Assert.Equal("file<s>", ChatTemplate.Load(folder.Path).Render(Question));
    }

    [Fact]
    public void Of_several_templates_the_named_one_is_taken()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer_config.json", """{"chat_template": [{"name": "default", "template": "a"}, {"name": "tool_use", "template": "b"}]}""");
        Assert.Equal("a", ChatTemplate.Load(folder.Path).Render(Question));
        Assert.Equal("b", ChatTemplate.Load(folder.Path, name: "tool_use").Render(Question));
        Assert.Equal("a", ChatTemplate.Load(folder.Path, name: "rag").Render(Question));
    }

    [Theory]
    [InlineData(null, "RKT2451")]
    [InlineData("{}", "RKT2451")]
    [InlineData("{", "RKT2457")]
    [InlineData("[]", "RKT2457")]
    [InlineData("""{"chat_template": "{% if %}"}""", "RKT2452")]
    public void What_is_wrong_with_the_files_has_a_code(string? config, string code)
    {
        using var folder = new TemporaryFolder();
        if (config is not null)
        {
            folder.Write("tokenizer_config.json", config);
        }

        Assert.Equal(code, Assert.Throws<RocketException>(() => ChatTemplate.Load(folder.Path)).Code);
    }
}
