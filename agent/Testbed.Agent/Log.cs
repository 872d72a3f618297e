using Microsoft.Extensions.Logging;

namespace Testbed.Agent;

/// <summary>Every line that an agent logs. Ids are stable; nothing is logged per packet.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 200, Level = LogLevel.Information, Message = "Attached to run {RunId} as {Kit}")]
    public static partial void Attached(ILogger logger, string runId, string kit);

    [LoggerMessage(EventId = 201, Level = LogLevel.Information, Message = "Server said goodbye: {Reason}")]
    public static partial void Goodbye(ILogger logger, string reason);

    [LoggerMessage(EventId = 202, Level = LogLevel.Debug, Message = "Server not there yet: {Reason}")]
    public static partial void StillLooking(ILogger logger, string reason);

    [LoggerMessage(EventId = 210, Level = LogLevel.Warning,
        Message = "{Interface} lost {OsDropped} frames in the kernel and {InterfaceDropped} at the interface")]
    public static partial void PacketsLost(ILogger logger, string @interface, long osDropped, long interfaceDropped);

    [LoggerMessage(EventId = 220, Level = LogLevel.Information, Message = "Task {TaskId} ({Kind}) started")]
    public static partial void TaskStarted(ILogger logger, string taskId, string kind);

    [LoggerMessage(EventId = 221, Level = LogLevel.Warning, Message = "Task {TaskId} ({Kind}): {Problem}")]
    public static partial void TaskProblem(ILogger logger, string taskId, string kind, string problem);

    [LoggerMessage(EventId = 222, Level = LogLevel.Error, Message = "Task {TaskId} ({Kind}) met a defect of ours")]
    public static partial void TaskDefect(ILogger logger, Exception exception, string taskId, string kind);

    [LoggerMessage(EventId = 223, Level = LogLevel.Warning,
        Message = "{Count} tasks did not end within {Seconds} s and were left")]
    public static partial void TasksLeft(ILogger logger, int count, double seconds);

    [LoggerMessage(EventId = 230, Level = LogLevel.Warning,
        Message = "Upload of {Name} failed, try {Attempt}: {Reason}")]
    public static partial void UploadFailed(ILogger logger, string name, int attempt, string reason);

    [LoggerMessage(EventId = 231, Level = LogLevel.Warning,
        Message = "Evidence that the server has not acknowledged stays in {Folder}")]
    public static partial void SpoolKept(ILogger logger, string folder);

    [LoggerMessage(EventId = 232, Level = LogLevel.Warning,
        Message = "An agent that was killed left evidence in {Folder}")]
    public static partial void SpoolOrphaned(ILogger logger, string folder);
}
