using System.Diagnostics;

namespace WanTalk.Waiting;

/// <summary>Waits for what becomes so beside a test; not for ever.</summary>
internal static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until something is so; fails when it does not become so.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="patience">For how long.</param>
    /// <param name="what">The condition's text, for the failure.</param>
    internal static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan patience, string what)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.False(Stopwatch.GetElapsedTime(begun) > patience, $"This was waited for in vain: {what}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
