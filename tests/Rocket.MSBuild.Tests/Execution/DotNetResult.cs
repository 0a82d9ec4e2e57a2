namespace Rocket.MSBuild.Tests.Execution;

/// <summary>How a command of dotnet ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed, errors too.</param>
internal sealed record DotNetResult(int ExitCode, string Output)
{
    /// <summary>Fails the test where the command failed.</summary>
    public DotNetResult Succeed()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Output}");
        return this;
    }
}
