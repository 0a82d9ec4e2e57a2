using Rocket.Pipeline.Stages;

namespace Rocket.Pipeline.Tests.Artifacts;

/// <summary>A log that nobody reads.</summary>
internal sealed class SilentLog : IBuildLog
{
    public void Progress(StageProgress progress)
    {
    }

    public void Message(string message, bool isDetail = false)
    {
    }
}
