namespace WanTalk.Core.Preflight;

/// <summary>What there is to say of a speech: a function of what was measured.</summary>
public static class SpeechRules
{
    /// <summary>The findings, the gravest first.</summary>
    /// <param name="speech">What was measured.</param>
    /// <param name="options">Where the lines are.</param>
    public static IReadOnlyList<PreflightFinding> Find(SpeechFacts speech, PreflightOptions options)
    {
        ArgumentNullException.ThrowIfNull(speech);
        ArgumentNullException.ThrowIfNull(options);
        IEnumerable<PreflightFinding?> all = [Voice(speech, options), Clipped(speech, options), Quiet(speech, options), .. Channels(speech, options)];
        return [.. all.OfType<PreflightFinding>()];
    }

    private static PreflightFinding? Voice(SpeechFacts speech, PreflightOptions options)
    {
        (string, double)[] values = [("voice_seconds", speech.VoiceSeconds), ("seconds", speech.Seconds), ("voice_share", speech.VoiceShare)];
        if (speech.VoiceSeconds < options.LeastVoiceSeconds)
        {
            return Finding(
                PreflightCodes.NoVoice,
                speech.Seconds < options.ShortSpeechSeconds ? PreflightSeverity.Warning : PreflightSeverity.Error,
                $"Nobody was heard to speak in {speech.Seconds:0.0} s of sound. Give a recording of a voice, with less noise or music around it.",
                [.. values, ("least_voice_seconds", options.LeastVoiceSeconds)]);
        }

        return speech.VoiceShare >= options.LeastVoiceShare
            ? null
            : Finding(
                PreflightCodes.LittleVoice,
                PreflightSeverity.Warning,
                $"Somebody speaks for {speech.VoiceSeconds:0.0} s of {speech.Seconds:0.0} s, and all of it is made and paid for. "
                    + "Cut out what is not speech.",
                [.. values, ("least_voice_share", options.LeastVoiceShare)]);
    }

    private static PreflightFinding? Clipped(SpeechFacts speech, PreflightOptions options) => speech.ClippedShare <= options.MostClipped
        ? null
        : Finding(
            PreflightCodes.Clipped,
            PreflightSeverity.Warning,
            $"The speech is distorted: {speech.ClippedShare:P1} of it are cut off at full scale. Record it again with less gain.",
            ("clipped_share", speech.ClippedShare),
            ("most_clipped_share", options.MostClipped));

    private static PreflightFinding? Quiet(SpeechFacts speech, PreflightOptions options) => !(speech.LoudnessLufs < options.LeastLoudnessLufs)
        ? null
        : Finding(
            PreflightCodes.Quiet,
            PreflightSeverity.Warning,
            $"The speech is quiet ({speech.LoudnessLufs:0.0} LUFS), and so will be the video's sound. "
                + "Make the recording louder; -23 to -14 LUFS are usual.",
            ("loudness_lufs", speech.LoudnessLufs.Value),
            ("least_loudness_lufs", options.LeastLoudnessLufs));

    private static IEnumerable<PreflightFinding?> Channels(SpeechFacts speech, PreflightOptions options)
    {
        if (speech.Channels > 2)
        {
            yield return Finding(
                PreflightCodes.Mixed,
                PreflightSeverity.Warning,
                $"The recording's {speech.Channels} channels were mixed to two. Give one or two channels if that is not what you want to hear.",
                ("channels", speech.Channels));
        }

        if (speech.ChannelDifferenceDb > options.MostChannelDifferenceDb)
        {
            yield return Finding(
                PreflightCodes.OneSided,
                PreflightSeverity.Warning,
                $"One channel of the speech is {speech.ChannelDifferenceDb:0} dB quieter than the other, and the video will be heard on one side. "
                    + "Give a recording of one channel.",
                ("channel_difference_db", speech.ChannelDifferenceDb),
                ("most_channel_difference_db", options.MostChannelDifferenceDb));
        }

        if (speech.CancellationDb > options.MostCancellationDb)
        {
            yield return Finding(
                PreflightCodes.OutOfPhase,
                PreflightSeverity.Warning,
                $"The two channels of the speech take {speech.CancellationDb:0} dB from each other where they are mixed, as for the lips. "
                    + "Turn the phase of one around, or give one channel.",
                ("cancellation_db", speech.CancellationDb),
                ("most_cancellation_db", options.MostCancellationDb));
        }
    }

    private static PreflightFinding Finding(string code, PreflightSeverity severity, string message, params (string Name, double Value)[] values) =>
        PreflightReport.Finding(code, PreflightSubject.Speech, severity, message, values);
}
