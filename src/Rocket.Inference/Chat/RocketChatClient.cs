using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Rocket.Inference.Generation;
using Rocket.Models.ChatTemplates;
using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization;

namespace Rocket.Inference.Chat;

/// <summary>Chats with a model of this process; thread-safe.</summary>
public sealed class RocketChatClient : IChatClient
{
    private readonly RocketModel _model;
    private readonly bool _ownsModel;
    private readonly Tokenizer _tokenizer;
    private readonly ChatTemplate _template;
    private readonly ChatTemplate _toolTemplate;
    private readonly GenerationDefaults _defaults;
    private readonly GenerationOptions _options;
    private readonly SessionPool _sessions;
    private readonly SemaphoreSlim _turns;

    /// <summary>Chats with a model that is loaded already.</summary>
    /// <param name="model">The model; not owned.</param>
    /// <param name="options">How to chat; null: the defaults.</param>
    /// <exception cref="RocketException">RKT24xx, RKT8104: the folder has no tokenizer, no chat template, or a file of them is malformed.</exception>
    public RocketChatClient(RocketModel model, RocketChatOptions? options = null)
        : this(model, options ?? new RocketChatOptions(), ownsModel: false)
    {
    }

    private RocketChatClient(RocketModel model, RocketChatOptions options, bool ownsModel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Parallelism, 1);
        _model = model;
        _ownsModel = ownsModel;
        _tokenizer = Tokenizer.Load(model.Folder);
        _template = ChatTemplate.Load(model.Folder, options.TemplateLimits);
        _toolTemplate = ChatTemplate.Load(model.Folder, options.TemplateLimits, "tool_use");
        _defaults = GenerationDefaults.Read(model.Folder);
        _options = options.Defaults ?? new GenerationOptions { Sampling = _defaults.Sampling };
        _sessions = new SessionPool(model, options.KeptConversations);
        _turns = new SemaphoreSlim(options.Parallelism);
        EndTokens = WithEndToken(_defaults.EndTokens);
        Metadata = new ChatClientMetadata("rocket", null, options.ModelId ?? Path.GetFileName(model.Folder));
    }

    /// <summary>What the client says of itself.</summary>
    public ChatClientMetadata Metadata { get; }

    private HashSet<int> EndTokens { get; }

    /// <summary>Loads a model's folder and chats with it.</summary>
    /// <exception cref="RocketException">The folder holds no model, no tokenizer or no chat template.</exception>
    public static RocketChatClient Load(string folder, RocketChatOptions? options = null)
    {
        options ??= new RocketChatOptions();
        RocketModel model = RocketModel.Load(folder, options.Model);
        try
        {
            return new RocketChatClient(model, options, ownsModel: true);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    /// <exception cref="RocketException">RKT2454 to RKT2456, RKT81xx: the conversation or an option is not what the model takes.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        int[] prompt = Encode(messages, options);
        GenerationOptions generationOptions = RequestOptions.Over(_options, options);
        string id = Guid.NewGuid().ToString("N");
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        InferenceSession? session = null;
        try
        {
            session = _sessions.Take(prompt);
            int reused = session.Position;
            var generation = new TextGeneration(session, _tokenizer, EndTokens, prompt, generationOptions);
            Func<string?> step = generation.Step;
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                string? text = await Task.Run(step, CancellationToken.None).ConfigureAwait(false);
                if (text is null)
                {
                    break;
                }

                if (text.Length > 0)
                {
                    yield return Update(new TextContent(text), id);
                }
            }

            ChatResponseUpdate last = Update(new UsageContent(Usage(prompt.Length, reused, generation.GeneratedTokens)), id);
            last.FinishReason = generation.Reason == StopReason.Length ? ChatFinishReason.Length : ChatFinishReason.Stop;
            yield return last;
        }
        finally
        {
            if (session is not null)
            {
                _sessions.Return(session);
            }

            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? Metadata
            : serviceType == typeof(RocketModel) ? _model
            : serviceType == typeof(Tokenizer) ? _tokenizer
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sessions.Dispose();
        _turns.Dispose();
        if (_ownsModel)
        {
            _model.Dispose();
        }
    }

    /// <summary>The tokens of a conversation, up to where the assistant's answer begins.</summary>
    /// <exception cref="RocketException">RKT2454 to RKT2456, RKT8103, RKT8105: the template or the client does not take it.</exception>
    public int[] Encode(IEnumerable<ChatMessage> messages, ChatOptions? options = null)
    {
        List<System.Text.Json.Nodes.JsonObject>? tools = PromptMessages.Of(options?.Tools, options?.ToolMode);
        string text = (tools is null ? _template : _toolTemplate).Render(new ChatPrompt
        {
            Messages = PromptMessages.Of(messages, options?.Instructions),
            Tools = tools,
            Variables = RequestOptions.Variables(options),
        });

        // The template writes the special tokens itself.
        return _tokenizer.Encode(text, addSpecialTokens: false);
    }

    private ChatResponseUpdate Update(AIContent content, string id) => new(ChatRole.Assistant, [content])
    {
        ResponseId = id,
        MessageId = id,
        ModelId = Metadata.DefaultModelId,
    };

    private static UsageDetails Usage(int prompt, int reused, int generated) => new()
    {
        InputTokenCount = prompt,
        CachedInputTokenCount = reused,
        OutputTokenCount = generated,
        TotalTokenCount = prompt + generated,
    };

    // The chat template ends a turn with the end token of tokenizer_config.json, which generation_config.json may lack.
    private HashSet<int> WithEndToken(IEnumerable<int> ends)
    {
        HashSet<int> all = [.. ends];
        if (_template.SpecialTokens.TryGetValue("eos_token", out string? token) && _tokenizer.Encode(token, addSpecialTokens: false) is [var id])
        {
            all.Add(id);
        }

        return all;
    }
}
