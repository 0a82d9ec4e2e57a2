namespace Rocket.Models.Diagnostics;

/// <summary>What can be wrong with a tokenizer's files: codes RKT2401 to RKT2410, one method each.</summary>
public static class TokenizerErrors
{
    /// <summary>RKT2401: the folder has no tokenizer.</summary>
    public static RocketException Missing(string folder) =>
        new("RKT2401", $"No tokenizer in '{folder}': it holds neither tokenizer.json nor tokenizer.model. Copy the model's tokenizer files into it, or give a corpus of token ids.", new SourceLocation(folder));

    /// <summary>RKT2402: the file is not JSON.</summary>
    public static RocketException MalformedJson(string file, string reason, int line = 0, int column = 0, Exception? cause = null) =>
        new("RKT2402", $"'{Path.GetFileName(file)}' is not valid JSON: {reason} Download the file again; it may be truncated.", new SourceLocation(file, line, column), cause);

    /// <summary>RKT2403: a part of the pipeline has a type that is not known here.</summary>
    public static RocketException UnknownComponent(string file, string path, string kind, string type, string known) =>
        new("RKT2403", $"The {kind} '{type}' at '{path}' is not supported (known: {known}). Convert the tokenizer to these parts, or give a corpus of token ids.", new SourceLocation(file));

    /// <summary>RKT2404: a merge joins or makes a token that the vocabulary does not have.</summary>
    public static RocketException MergeOutsideVocabulary(string file, int index, string merge, string token) =>
        new("RKT2404", $"Merge {index} ('{merge}') names the token '{token}', which model.vocab does not have. Vocabulary and merges must come from the same tokenizer; download the file again.", new SourceLocation(file));

    /// <summary>RKT2405: a field is missing or has the wrong type or value.</summary>
    public static RocketException InvalidField(string file, string path, string found, string expected) =>
        new("RKT2405", $"'{path}' is {found}, but must be {expected}. Take tokenizer.json as the model's author published it, or save it again with the tokenizers library.", new SourceLocation(file));

    /// <summary>RKT2406: a regular expression that cannot be read as the tokenizers library reads it.</summary>
    public static RocketException UnsupportedPattern(string file, string path, string pattern, string reason) =>
        new("RKT2406", $"The regular expression '{pattern}' at '{path}' is not supported: {reason}. Rewrite it without that construct, or give a corpus of token ids.", new SourceLocation(file));

    /// <summary>RKT2407: the file is not a SentencePiece model.</summary>
    public static RocketException MalformedSentencePiece(string file, string reason) =>
        new("RKT2407", $"'{Path.GetFileName(file)}' is not a readable SentencePiece model: {reason}. Download the file again; it may be truncated.", new SourceLocation(file));

    /// <summary>RKT2408: a SentencePiece model that uses what is not supported here.</summary>
    public static RocketException UnsupportedSentencePiece(string file, string feature) =>
        new("RKT2408", $"The SentencePiece model uses {feature}, which is not supported. Convert it to tokenizer.json and put that beside it: it is taken first.", new SourceLocation(file));

    /// <summary>RKT2409: a token that another part of the file relies on is not in the vocabulary.</summary>
    public static RocketException TokenOutsideVocabulary(string file, string path, string token) =>
        new("RKT2409", $"'{path}' names the token '{token}', which is neither in model.vocab nor in added_tokens. Add it there, or take tokenizer.json as its author published it.", new SourceLocation(file));

    /// <summary>RKT2410: the file is there and cannot be read.</summary>
    public static RocketException Unreadable(string file, Exception cause) =>
        new("RKT2410", $"'{Path.GetFileName(file)}' cannot be read: {cause.Message} Check the file's permissions.", new SourceLocation(file), cause);
}
