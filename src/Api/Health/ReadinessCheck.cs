namespace WanTalk.Api.Health;

/// <summary>Looks whether one thing is there that the API needs.</summary>
/// <param name="Name">What callers are told when it is missing; nothing else is told to them.</param>
/// <param name="LookAsync">Says what is wrong with it, for the log; null when nothing is. What it throws is wrong, too.</param>
public sealed record ReadinessCheck(string Name, Func<CancellationToken, Task<string?>> LookAsync);
