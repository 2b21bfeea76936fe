namespace WanTalk.Core.Uploads;

/// <summary>What is on record of an upload.</summary>
/// <param name="Id">Its id, which says until when it may be used.</param>
/// <param name="Owner">The name of the caller whose it is.</param>
/// <param name="MaxBytes">The most bytes that it may have: an account of Azure Storage takes more.</param>
internal sealed record UploadEntry(string Id, string Owner, long MaxBytes);
