using Rocket.Inference.Generation;
using Rocket.Models.ChatTemplates;

namespace Rocket.Inference.Chat;

/// <summary>How a <see cref="RocketChatClient"/> works.</summary>
public sealed record RocketChatOptions
{
    /// <summary>How the model is run.</summary>
    public RocketOptions Model { get; init; } = new();

    /// <summary>The name that the client reports; null: the folder's name.</summary>
    public string? ModelId { get; init; }

    /// <summary>Answers generated at once; more wait for their turn. They share the processor's cores.</summary>
    public int Parallelism { get; init; } = 1;

    /// <summary>Finished conversations whose key/value caches are kept, so that their next turn need not be read from the start.</summary>
    public int KeptConversations { get; init; } = 2;

    /// <summary>Options where a request has none; null: what generation_config.json says.</summary>
    public GenerationOptions? Defaults { get; init; }

    /// <summary>What the chat template may use.</summary>
    public ChatTemplateLimits TemplateLimits { get; init; } = new();
}
