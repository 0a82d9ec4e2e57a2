using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Library;

/// <summary>A filter: a value and arguments to another value.</summary>
internal delegate object? Filter(RenderState state, object? value, CallArguments arguments);
