using System.Security.Cryptography;
using System.Text;

namespace Rocket.MSBuild.State;

/// <summary>What a project asks of the tool: everything beside files that decides what a build makes.</summary>
/// <param name="OutputPath">The folder that artifacts go below, as a full path.</param>
/// <param name="Models">Names of models, separated by semicolons; empty for all.</param>
/// <param name="Budgets">Names of budgets, separated by semicolons; empty for all.</param>
/// <param name="Tool">Which tool: its path with size and time, or the version of a tool manifest.</param>
internal sealed record SelectedBuild(string OutputPath, string? Models, string? Budgets, string Tool)
{
    /// <summary>Hash of all of it, hexadecimal: what a <c>.cache</c> file holds.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', OutputPath, Models, Budgets, Tool))));
}
