namespace WanTalk.Core.Preflight;

/// <summary>What is on record of a preflight without a talk.</summary>
/// <param name="Id">Its id, which says until when it is kept.</param>
/// <param name="Owner">The name of the caller whose it is.</param>
internal sealed record PreflightEntry(string Id, string Owner);
