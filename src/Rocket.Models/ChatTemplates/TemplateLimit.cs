namespace Rocket.Models.ChatTemplates;

/// <summary>A template that asks for more than it may have; becomes RKT2456 where the line is known.</summary>
internal sealed class TemplateLimit(string what) : Exception(what);
