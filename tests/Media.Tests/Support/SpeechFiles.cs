namespace WanTalk.Media.Tests.Support;

/// <summary>Recordings made by ffmpeg: a tone that swells four times a second, which is loud and quiet as speech is.</summary>
internal static class SpeechFiles
{
    /// <summary>A mono tone as WAV.</summary>
    public static async Task<string> ToneAsync(TempFolder folder, string name, double seconds, int rate = 44_100, string options = "-c:a pcm_s16le")
    {
        await Tools.FfmpegAsync($"-f lavfi -i sine=f=440:r={rate}:d={seconds},volume=12dB,tremolo=f=4:d=0.9 {options} {{0}}", folder[name]);
        return folder[name];
    }
}
