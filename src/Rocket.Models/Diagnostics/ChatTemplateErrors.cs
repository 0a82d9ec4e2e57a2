namespace Rocket.Models.Diagnostics;

/// <summary>What can be wrong with a chat template: codes RKT2451 to RKT2458, one method each.</summary>
public static class ChatTemplateErrors
{
    /// <summary>RKT2451: a model without a chat template.</summary>
    public static RocketException Missing(string folder) =>
        new("RKT2451", $"\"{folder}\" has no chat template: neither chat_template.jinja nor \"chat_template\" in tokenizer_config.json. Choose a model that was trained to chat, or copy its tokenizer_config.json into the folder.", new SourceLocation(folder));

    /// <summary>RKT2452: a template that does not parse.</summary>
    public static RocketException Malformed(string? file, int line, string reason) =>
        new("RKT2452", $"Line {line} of the chat template does not parse: {reason}. Take the template as the model's author published it.", Place(file, line));

    /// <summary>RKT2453: a template longer than allowed.</summary>
    public static RocketException TooLong(string? file, int length, int limit) =>
        new("RKT2453", $"The chat template has {length} characters; at most {limit} are allowed. Do not use this model unless you trust its origin.", Place(file, 1));

    /// <summary>RKT2454: a template that fails while it renders.</summary>
    public static RocketException Failed(string? file, int line, string reason) =>
        new("RKT2454", $"Line {line} of the chat template fails: {reason}. The conversation may lack something that the template reads.", Place(file, line));

    /// <summary>RKT2455: a template that refuses the conversation.</summary>
    public static RocketException Refused(string? file, int line, string message) =>
        new("RKT2455", $"The chat template refuses the conversation: {message} Change the order, the roles or the content of the messages.", Place(file, line));

    /// <summary>RKT2456: a template that asks for more than it may have.</summary>
    public static RocketException TooMuch(string? file, int line, string what) =>
        new("RKT2456", $"Line {line} of the chat template is stopped: {what}. Shorten the conversation, or do not use this model unless you trust its origin.", Place(file, line));

    /// <summary>RKT2457: a tokenizer_config.json that is not JSON.</summary>
    public static RocketException MalformedConfig(string file, Exception cause) =>
        new("RKT2457", $"\"{file}\" is not valid JSON: {cause.Message} Download it again.", new SourceLocation(file), cause);

    /// <summary>RKT2458: a file of the template that cannot be read.</summary>
    public static RocketException Unreadable(string file, Exception cause) =>
        new("RKT2458", $"\"{file}\" cannot be read: {cause.Message} Check its permissions.", new SourceLocation(file), cause);

    private static SourceLocation? Place(string? file, int line) => file is null ? null : file.EndsWith(".jinja", StringComparison.Ordinal) ? new SourceLocation(file, line) : new SourceLocation(file);
}
