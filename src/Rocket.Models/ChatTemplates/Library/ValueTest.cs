using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Library;

/// <summary>A test: whether something holds for a value.</summary>
internal delegate bool ValueTest(RenderState state, object? value, CallArguments arguments);
