using WanTalk.Core.Sniffing;

namespace WanTalk.Media.Speech;

/// <summary>What a speech file says of itself, before it is decoded.</summary>
/// <param name="Kind">What its first bytes are.</param>
/// <param name="Format">The container, in ffmpeg's words.</param>
/// <param name="Codec">The audio codec, in ffmpeg's words.</param>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="Channels">Channels of the first audio stream.</param>
/// <param name="DeclaredSeconds">The length that the header promises; null when the format makes no promise.</param>
/// <param name="HasVideo">Whether there is a film beside the audio.</param>
public sealed record SpeechHeader(
    MediaKind Kind, string Format, string Codec, int SampleRate, int Channels, double? DeclaredSeconds, bool HasVideo);
