namespace WanTalk.Core.RunPod;

/// <summary>What RunPod's contract allows.</summary>
public static class RunPodLimits
{
    /// <summary>The most bytes of a body of <c>/run</c>.</summary>
    public const long MaxRunBytes = 10 << 20;

    /// <summary>The most bytes of a body of <c>/runsync</c>.</summary>
    public const long MaxRunSyncBytes = 20 << 20;

    /// <summary>The least of <c>wait</c>, in milliseconds.</summary>
    public const int MinWaitMs = 1_000;

    /// <summary>The most of <c>wait</c>, in milliseconds.</summary>
    public const int MaxWaitMs = 300_000;

    /// <summary>The wait of a request that names none, in milliseconds.</summary>
    public const int DefaultWaitMs = 90_000;

    /// <summary>The least of <c>policy.executionTimeout</c>, in milliseconds.</summary>
    public const long MinExecutionTimeoutMs = 5_000;

    /// <summary>The least of <c>policy.ttl</c>, in milliseconds.</summary>
    public const long MinTtlMs = 10_000;

    /// <summary>The most of both, in milliseconds: seven days.</summary>
    public const long MaxPolicyMs = 604_800_000;
}
