namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>Options with which a silent server is noticed soon.</summary>
public static class Patience
{
    public static ComfyClientOptions Little { get; } = new()
    {
        SilenceBeforePolling = TimeSpan.FromMilliseconds(200),
        UnreachableTimeout = TimeSpan.FromMinutes(1),
    };
}
