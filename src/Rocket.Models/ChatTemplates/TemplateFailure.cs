namespace Rocket.Models.ChatTemplates;

/// <summary>Something a template does that Python would answer with an exception; becomes RKT2454 where the line is known.</summary>
internal sealed class TemplateFailure(string message) : Exception(message);
