using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Diagnostics;

/// <summary>Errors of text for calibration and evaluation, RKT3101 to RKT3199.</summary>
public static class CorpusErrors
{
    /// <summary>RKT3101: a pattern finds no file.</summary>
    public static RocketException NoMatch(SourceLocation location, string pattern, string folder, bool isFolder) =>
        new("RKT3101", $"No file matches \"{pattern}\" under \"{folder}\". {(isFolder ? $"It is a folder: write \"{pattern.TrimEnd('/')}/**/*.txt\"." : "Check the path; patterns start from the manifest's folder.")}", location);

    /// <summary>RKT3102: the files hold no document.</summary>
    public static RocketException Empty(SourceLocation? location) =>
        new("RKT3102", "The corpus holds no text: every file is empty. Name files with documents in them.", location);

    /// <summary>RKT3103: a line of a <c>.jsonl</c> file is not JSON.</summary>
    public static RocketException BadJson(SourceLocation location, string reason, Exception? cause = null) =>
        new("RKT3103", $"This line is not JSON: {reason.TrimEnd('.')}. Write one object a line, such as {{\"text\": \"...\"}}.", location, cause);

    /// <summary>RKT3104: a line of a <c>.jsonl</c> file is no document.</summary>
    public static RocketException NoDocument(SourceLocation location, string reason) =>
        new("RKT3104", $"This line is no document: {reason}. Write {{\"text\": \"...\"}} or {{\"ids\": [1, 2, 3]}}.", location);

    /// <summary>RKT3105: something that is no token id.</summary>
    public static RocketException BadId(SourceLocation location, string value) =>
        new("RKT3105", $"\"{value}\" is no token id. \"ids\" holds whole numbers from 0 to {int.MaxValue}.", location);

    /// <summary>RKT3106: the corpus has fewer windows than asked for.</summary>
    public static RocketException TooShort(SourceLocation? location, int asked, long available, int length, long tokens) =>
        new("RKT3106", $"The corpus has {tokens} tokens, that is {available} windows of {length}, but {asked} are asked for. Add text, or ask for fewer or shorter windows.", location);

    /// <summary>RKT3107: a file of another kind.</summary>
    public static RocketException UnknownExtension(string path) =>
        new("RKT3107", $"\"{Path.GetFileName(path)}\" is neither .txt nor .jsonl. Convert it, or exclude it with a pattern that begins with \"!\".", new SourceLocation(path));

    /// <summary>RKT3108: a file or folder that cannot be read.</summary>
    public static RocketException Unreadable(SourceLocation location, string path, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return new("RKT3108", $"\"{path}\" cannot be read: {cause.Message.TrimEnd('.')}. Check that it exists and that this user may read it.", location, cause);
    }

    /// <summary>RKT3109: documents of text beside documents of ids.</summary>
    public static RocketException MixedDocuments(SourceLocation location) =>
        new("RKT3109", "The corpus mixes documents of text with documents of token ids; this is the first of the other kind. Use one kind.", location);

    /// <summary>RKT3110: text for a model without a tokenizer.</summary>
    public static RocketException NoTokenizer(SourceLocation location) =>
        new("RKT3110", "The corpus is text, but the source has no tokenizer. Add its tokenizer.json, or give token ids: {\"ids\": [1, 2, 3]} a line of a .jsonl file.", location);

    /// <summary>RKT3111: bytes that are not UTF-8.</summary>
    public static RocketException NotUtf8(SourceLocation location, Exception cause) =>
        new("RKT3111", "The text is not valid UTF-8 here. Convert the file to UTF-8.", location, cause);

    /// <summary>RKT3112: a line or document that is too long for memory.</summary>
    public static RocketException TooLong(SourceLocation location, string what, long limit) =>
        new("RKT3112", $"{what} is longer than {limit} bytes. Split it: documents are separated by a line <|endoftext|> in .txt and are a line each in .jsonl.", location);
}
