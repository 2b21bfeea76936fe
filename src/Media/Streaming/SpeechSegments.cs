namespace WanTalk.Media.Streaming;

/// <summary>Where the AAC of the whole speech is cut for a stream: between its frames, of which none is made anew.</summary>
public static class SpeechSegments
{
    /// <summary>The frame of AAC with which a segment begins: the one that is heard when its pictures begin.</summary>
    /// <param name="speech">The speech's track.</param>
    /// <param name="samples">The samples of the speech that are heard before, at the track's timescale.</param>
    public static int FirstFrame(Mp4Track speech, long samples)
    {
        ArgumentNullException.ThrowIfNull(speech);
        // The first segment also has what only warms the decoder up.
        return samples == 0 ? 0 : (int)((samples + speech.MediaTime) / speech.Samples[0].Duration);
    }
}
