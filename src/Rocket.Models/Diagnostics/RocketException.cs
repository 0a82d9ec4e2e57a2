namespace Rocket.Models.Diagnostics;

/// <summary>An error that a user can cause and mend: it has a code, a place and a way out.</summary>
/// <remarks>Anything else that is thrown is a bug of Rocket's. One factory method per code creates these; nothing else does.</remarks>
public sealed class RocketException : Exception
{
    /// <summary>Creates an error with its code, message and place.</summary>
    /// <param name="code">The stable code, such as <c>RKT2003</c>.</param>
    /// <param name="message">What is wrong, the offending value quoted, and what to do about it.</param>
    /// <param name="location">Where it is wrong, or null where no file is to blame.</param>
    /// <param name="innerException">The cause, if another exception told of it.</param>
    public RocketException(string code, string message, SourceLocation? location = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        Location = location;
    }

    /// <summary>The stable code, such as <c>RKT2003</c>.</summary>
    public string Code { get; }

    /// <summary>Where it is wrong, or null where no file is to blame.</summary>
    public SourceLocation? Location { get; }

    /// <summary>The same error at another place; used by readers that learn the place only further out.</summary>
    public RocketException At(SourceLocation location) => new(Code, Message, location, InnerException);

    /// <summary>The same error at the place that led to it, such as the line of a manifest that names a file; its own place goes before the message.</summary>
    public RocketException LedToBy(SourceLocation location) => new(Code, Location is null ? Message : $"{Location}: {Message}", location, InnerException);

    /// <summary>MSBuild's canonical form: <c>file(line,column): error RKTnnnn: message</c>.</summary>
    public string ToCanonicalString() => $"{Location?.ToString() ?? "rocket"}: error {Code}: {Message}";
}
