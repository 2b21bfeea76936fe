namespace WanTalk.Understudy.Server;

/// <summary>What the server takes at most.</summary>
/// <param name="MaxUploadBytes">The largest body, of whatever request.</param>
internal sealed record ServerLimits(long MaxUploadBytes);
