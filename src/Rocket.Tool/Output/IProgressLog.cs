using Rocket.Pipeline.Stages;

namespace Rocket.Tool.Output;

/// <summary>A build log that may need a stretch of time to draw in.</summary>
internal interface IProgressLog : IBuildLog
{
    /// <summary>Does work whose progress is shown.</summary>
    T Run<T>(Func<T> work);
}
