using System.Text.Json;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.ChatTemplates;

/// <summary>The chat templates and special tokens of a model's folder.</summary>
internal sealed class ChatTemplateFiles
{
    public const string DefaultName = "default";

    private const string TemplateFile = "chat_template.jinja";
    private const string ConfigFile = "tokenizer_config.json";
    private const string TokensFile = "special_tokens_map.json";
    private const string TemplateKey = "chat_template";
    private const int LargestFile = 64 << 20;

    private static readonly string[] TokenNames = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    private readonly Dictionary<string, (string Source, string File)> _templates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);

    private ChatTemplateFiles()
    {
    }

    public IReadOnlyDictionary<string, string> SpecialTokens => _tokens;

    public static ChatTemplateFiles Read(string folder)
    {
        var files = new ChatTemplateFiles();
        string template = Path.Combine(folder, TemplateFile);
        if (File.Exists(template))
        {
            files._templates[DefaultName] = (ReadText(template), template);
        }

        files.ReadConfig(Path.Combine(folder, ConfigFile));
        files.ReadConfig(Path.Combine(folder, TokensFile));
        return files;
    }

    public (string Source, string File)? Find(string name)
        => _templates.TryGetValue(name, out var named) || _templates.TryGetValue(DefaultName, out named) ? named : null;

    private void ReadConfig(string file)
    {
        if (!File.Exists(file))
        {
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(ReadText(file));
            JsonElement root = document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement : throw new JsonException("the file holds no object");
            foreach (string name in TokenNames)
            {
                if (root.TryGetProperty(name, out JsonElement token) && TokenText(token) is { } text)
                {
                    _tokens.TryAdd(name, text);
                }
            }

            if (root.TryGetProperty(TemplateKey, out JsonElement template))
            {
                ReadTemplates(template, file);
            }
        }
        catch (JsonException failure)
        {
            throw ChatTemplateErrors.MalformedConfig(file, failure);
        }
    }

    private void ReadTemplates(JsonElement template, string file)
    {
        if (template.ValueKind == JsonValueKind.String)
        {
            _templates.TryAdd(DefaultName, (template.GetString()!, file));
            return;
        }

        foreach (JsonElement entry in template.ValueKind == JsonValueKind.Array ? template.EnumerateArray() : default)
        {
            if (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("name", out JsonElement name) && entry.TryGetProperty("template", out JsonElement source)
                && name.ValueKind == JsonValueKind.String && source.ValueKind == JsonValueKind.String)
            {
                _templates.TryAdd(name.GetString()!, (source.GetString()!, file));
            }
        }
    }

    // A token is a string, or an object with its flags.
    private static string? TokenText(JsonElement token) => token.ValueKind switch
    {
        JsonValueKind.String => token.GetString(),
        JsonValueKind.Object when token.TryGetProperty("content", out JsonElement content) && content.ValueKind == JsonValueKind.String => content.GetString(),
        _ => null,
    };

    private static string ReadText(string file)
    {
        try
        {
            return new FileInfo(file).Length <= LargestFile ? File.ReadAllText(file) : throw new IOException($"The file has more than {LargestFile} bytes.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ChatTemplateErrors.Unreadable(file, failure);
        }
    }
}
