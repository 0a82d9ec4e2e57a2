namespace Rocket.Tool.Output;

/// <summary>How much a command tells beside its result.</summary>
internal enum Verbosity
{
    /// <summary>Errors only.</summary>
    Quiet,

    /// <summary>Stages and what a user should know.</summary>
    Normal,

    /// <summary>Every unit of work.</summary>
    Detailed,
}
