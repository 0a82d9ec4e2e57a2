using Rocket.Models.ChatTemplates.Library;
using Rocket.Models.ChatTemplates.Statements;
using Rocket.Models.ChatTemplates.Syntax;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.ChatTemplates;

/// <summary>Writes a conversation as the text that a model was trained on, as transformers' <c>apply_chat_template</c> does; immutable and thread-safe.</summary>
/// <remarks>
/// The language is Jinja 3 as transformers sets it up: <c>trim_blocks</c>, <c>lstrip_blocks</c>, the immutable sandbox, loop controls,
/// <c>raise_exception</c>, <c>strftime_now</c> and a <c>tojson</c> that leaves text as it is.
/// </remarks>
public sealed class ChatTemplate
{
    private readonly Body _body;
    private readonly string? _file;
    private readonly ChatTemplateLimits _limits;
    private readonly IReadOnlyDictionary<string, string> _specialTokens;

    private ChatTemplate(Body body, string source, string? file, ChatTemplateLimits limits, IReadOnlyDictionary<string, string> specialTokens)
    {
        _body = body;
        Source = source;
        _file = file;
        _limits = limits;
        _specialTokens = specialTokens;
    }

    /// <summary>The template itself.</summary>
    public string Source { get; }

    /// <summary>The special tokens that a template can name, such as <c>bos_token</c>.</summary>
    public IReadOnlyDictionary<string, string> SpecialTokens => _specialTokens;

    /// <summary>Reads the template of a model: chat_template.jinja if it is there, else <c>chat_template</c> of tokenizer_config.json.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="limits">What a rendering may use.</param>
    /// <param name="name">Which one to take where there are several; the default one otherwise.</param>
    /// <exception cref="RocketException">RKT2451 to RKT2453 and RKT2457: it is missing, unreadable or malformed.</exception>
    public static ChatTemplate Load(string folder, ChatTemplateLimits? limits = null, string name = ChatTemplateFiles.DefaultName)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ChatTemplateFiles files = ChatTemplateFiles.Read(folder);
        (string source, string file) = files.Find(name) ?? throw ChatTemplateErrors.Missing(folder);
        return Parse(source, files.SpecialTokens, limits, file);
    }

    /// <summary>Whether a model's folder has a chat template: where it has none, the model continues text and does not chat.</summary>
    /// <exception cref="RocketException">RKT2457, RKT2458: a file that could hold one is unreadable or malformed.</exception>
    public static bool IsIn(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return ChatTemplateFiles.Read(folder).Find(ChatTemplateFiles.DefaultName) is not null;
    }

    /// <summary>Parses a template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="specialTokens">Variables such as <c>bos_token</c>.</param>
    /// <param name="limits">What a rendering may use.</param>
    /// <param name="file">Where it stands, for errors.</param>
    /// <exception cref="RocketException">RKT2452, RKT2453: it does not parse, or is too long.</exception>
    public static ChatTemplate Parse(string source, IReadOnlyDictionary<string, string>? specialTokens = null, ChatTemplateLimits? limits = null, string? file = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        limits ??= new ChatTemplateLimits();
        if (source.Length > limits.TemplateLength)
        {
            throw ChatTemplateErrors.TooLong(file, source.Length, limits.TemplateLength);
        }

        try
        {
            return new ChatTemplate(Parser.Parse(source, limits.Depth), source, file, limits, specialTokens ?? new Dictionary<string, string>());
        }
        catch (TemplateSyntaxFailure failure)
        {
            throw ChatTemplateErrors.Malformed(file, failure.Line, failure.Message);
        }
    }

    /// <summary>The conversation as text.</summary>
    /// <exception cref="RocketException">RKT2454 to RKT2456: the template fails, refuses the conversation, or exceeds its limits.</exception>
    public string Render(ChatPrompt prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var state = new RenderState(_limits, prompt.Now);
        try
        {
            _body.Execute(state, Variables(prompt, state));
            return state.Text;
        }
        catch (TemplateRefusal refusal)
        {
            throw ChatTemplateErrors.Refused(_file, state.Line, refusal.Message);
        }
        catch (TemplateFailure failure)
        {
            throw ChatTemplateErrors.Failed(_file, state.Line, failure.Message);
        }
        catch (Exception limit) when (limit is TemplateLimit or InsufficientExecutionStackException)
        {
            throw ChatTemplateErrors.TooMuch(_file, state.Line, limit is TemplateLimit ? limit.Message : "it nests too deep for the stack");
        }
    }

    private Scope Variables(ChatPrompt prompt, RenderState state)
    {
        Scope scope = new(Globals.Create(state));
        foreach ((string name, string token) in _specialTokens)
        {
            scope[name] = token;
        }

        scope["messages"] = JsonValues.Of(prompt.Messages);
        scope["tools"] = prompt.Tools is null ? null : JsonValues.Of(prompt.Tools);
        scope["documents"] = null;
        scope["add_generation_prompt"] = prompt.AddsGenerationPrompt;
        foreach ((string name, System.Text.Json.Nodes.JsonNode? value) in prompt.Variables ?? [])
        {
            scope[name] = JsonValues.Of(value);
        }

        return scope;
    }
}
