using Rocket.Models.Diagnostics;

namespace Rocket.Inference.Diagnostics;

/// <summary>Errors of generating and chatting, codes RKT8100 to RKT8149.</summary>
public static class GenerationErrors
{
    /// <summary>RKT8101: a prompt longer than the model reads.</summary>
    public static RocketException PromptTooLong(int tokens, int limit) =>
        new("RKT8101", $"The conversation has {tokens} tokens; the model reads {limit} with its answer. Shorten it, or leave out its oldest messages.");

    /// <summary>RKT8102: an option outside of its range.</summary>
    public static RocketException OutOfRange(string name, string value, string range) =>
        new("RKT8102", $"\"{name}\" is {value}; it must be {range}.");

    /// <summary>RKT8103: something that the chat client does not do.</summary>
    public static RocketException Unsupported(string what, string instead) =>
        new("RKT8103", $"{what} is not supported. {instead}");

    /// <summary>RKT8104: a generation_config.json or config.json that cannot be read.</summary>
    public static RocketException UnreadableDefaults(string file, Exception cause) =>
        new("RKT8104", $"\"{file}\" cannot be read: {cause.Message} Download it again, or check its permissions.", new SourceLocation(file), cause);

    /// <summary>RKT8105: a conversation without a message.</summary>
    public static RocketException NoMessages() =>
        new("RKT8105", "The conversation has no message. Give at least one with the role \"user\".");
}
