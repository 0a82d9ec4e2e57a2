namespace Rocket.Models.ChatTemplates.Values;

/// <summary>Anything that a template can call: macros, methods, global functions.</summary>
internal delegate object? Callable(CallArguments arguments);
