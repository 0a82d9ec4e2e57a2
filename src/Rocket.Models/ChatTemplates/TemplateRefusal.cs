namespace Rocket.Models.ChatTemplates;

/// <summary>What <c>raise_exception</c> throws: the template does not take the conversation; becomes RKT2455.</summary>
internal sealed class TemplateRefusal(string message) : Exception(message);
