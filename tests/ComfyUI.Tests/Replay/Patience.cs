namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>How soon a client looks for itself.</summary>
public static class Patience
{
    /// <summary>
    /// For prompts whose end the server tells: a look at history would find it before a slow reader has the messages, and a socket that opens
    /// late would have none.
    /// </summary>
    public static ComfyClientOptions Great { get; } = new()
    {
        RequestTimeout = TimeSpan.FromMinutes(1),
        SocketTimeout = TimeSpan.FromMinutes(1),
        SilenceBeforePolling = TimeSpan.FromMinutes(1),
        UnreachableTimeout = TimeSpan.FromMinutes(1),
    };

    /// <summary>A silent server is noticed soon.</summary>
    public static ComfyClientOptions Little { get; } = new()
    {
        SilenceBeforePolling = TimeSpan.FromMilliseconds(200),
        UnreachableTimeout = TimeSpan.FromMinutes(1),
    };
}
