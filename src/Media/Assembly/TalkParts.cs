namespace WanTalk.Media.Assembly;

/// <summary>What a finished video is made of.</summary>
/// <param name="Segments">The windows' segments in showing order, as <see cref="Windows.WindowEncoder"/> writes them.</param>
/// <param name="SpeechM4a">The speech, as <see cref="Speech.AacEncoder"/> writes it.</param>
/// <param name="VisibleFrames">Frames that the segments hold together.</param>
/// <param name="SpeechSamples48k">Samples of the speech at 48 kHz, to check that none are lost.</param>
public sealed record TalkParts(IReadOnlyList<string> Segments, string SpeechM4a, long VisibleFrames, long SpeechSamples48k);
