namespace WanTalk.Understudy.Speech;

/// <summary>What is heard during one frame, before it is compared with the rest of the speech.</summary>
/// <param name="Rms">Root mean square of the frame's own samples, full scale 1.</param>
/// <param name="Front">ln of the energy around the second formant of front vowels (1.5-2.7 kHz) over that of back vowels (0.6-1.5 kHz).</param>
/// <param name="Dark">ln of the energy under 0.9 kHz over that of 0.9-2.7 kHz: high for rounded vowels.</param>
/// <param name="Hiss">The share of the energy above 0.2 kHz that lies above 3.5 kHz, 0..1.</param>
internal readonly record struct FrameSound(float Rms, float Front, float Dark, float Hiss);
