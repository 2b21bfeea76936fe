namespace WanTalk.ComfyUI;

/// <summary>The patience and the bounds of a <see cref="ComfyClient"/>. Each has a default that suits a server on the same network.</summary>
public sealed record ComfyClientOptions
{
    /// <summary>How long one request for a small answer may take. Default 15 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one upload may take. Default 5 minutes.</summary>
    public TimeSpan UploadTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a download may stand still before it is cut and resumed. Default 20 s.</summary>
    public TimeSpan DownloadIdleTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often in a row a download that makes no progress is resumed. Default 4.</summary>
    public int DownloadResumes { get; init; } = 4;

    /// <summary>How long the socket may be silent before history and queue are asked. Default 2 s.</summary>
    public TimeSpan SilenceBeforePolling { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the opening of a socket and the server's greeting on it may take each. Default 3 s.</summary>
    public TimeSpan SocketTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a server may be unreachable while a prompt runs before it counts as gone. Default 10 s.</summary>
    public TimeSpan UnreachableTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the withdrawal of a cancelled prompt is repeated and confirmed. Default 30 s.</summary>
    public TimeSpan WithdrawTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest JSON answer that is read, in bytes. Default 64 MiB (object_info of a full server is several).</summary>
    public int MaxJsonBytes { get; init; } = 64 << 20;

    /// <summary>The largest socket message that is kept, in bytes; a longer one is drained and dropped. Default 16 MiB.</summary>
    public int MaxMessageBytes { get; init; } = 16 << 20;

    /// <summary>How many socket messages may wait for a slow reader; beyond that the oldest go, since history is the truth. Default 512.</summary>
    public int MessageBacklog { get; init; } = 512;

    /// <summary>How many bytes of socket messages may wait for a slow reader; beyond that the oldest go. Default 32 MiB.</summary>
    public long MaxBacklogBytes { get; init; } = 32 << 20;
}
