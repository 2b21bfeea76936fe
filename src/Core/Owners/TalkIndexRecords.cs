namespace WanTalk.Core.Owners;

/// <summary>A talk in the index.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="KeySha256">The hash of the idempotency key that leads to it, in hex; null for none.</param>
public sealed record TalkEntry(string Id, string Owner, DateTimeOffset CreatedAt, string? KeySha256 = null);

/// <summary>What an idempotency key led to.</summary>
/// <param name="Talk">The talk's id.</param>
/// <param name="RequestSha256">The hash of the request that it came with, in hex.</param>
/// <param name="At">When it came first.</param>
public sealed record IdempotencyEntry(string Talk, string RequestSha256, DateTimeOffset At);

/// <summary>A page of a caller's talks, newest first.</summary>
/// <param name="Talks">Their entries.</param>
/// <param name="Next">Where the next page begins; null when there is none.</param>
public sealed record TalkPage(IReadOnlyList<TalkEntry> Talks, string? Next);
