namespace WanTalk.Core.Uploads;

/// <summary>An upload that may be sent.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Upload">What a talk's image_url or audio_url is to be, once it was sent: upload:ID.</param>
/// <param name="Method">The HTTP method to send it with.</param>
/// <param name="Url">Where to send it, without an API key; a secret: who has it may send.</param>
/// <param name="Headers">The headers to send with it.</param>
/// <param name="ExpiresAt">Until when sending may begin.</param>
/// <param name="MaxBytes">The most bytes.</param>
/// <param name="UsableUntil">Until when talks may be made of it.</param>
public sealed record AuthorisedUpload(
    string Id, string Upload, string Method, string Url, IReadOnlyDictionary<string, string> Headers, DateTimeOffset ExpiresAt, long MaxBytes,
    DateTimeOffset UsableUntil);
