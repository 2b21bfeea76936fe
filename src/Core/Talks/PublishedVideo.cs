namespace WanTalk.Core.Talks;

/// <summary>What assemble made: <c>video.json</c>.</summary>
/// <param name="Frames">Its frames.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal.</param>
public sealed record VideoFacts(int Frames, long Bytes, string Sha256);

/// <summary>Where the video was published: <c>published.json</c>.</summary>
/// <param name="Url">Where a caller gets it.</param>
/// <param name="Key">The object's key: talk and hash, so that doing it twice is one object.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal.</param>
public sealed record PublishedVideo(string Url, string Key, string Sha256);
