namespace WanTalk.Media.Speech.Voice;

/// <summary>How much of a speech is somebody's voice.</summary>
/// <param name="Seconds">How long somebody speaks, in seconds, in steps of 0.032.</param>
/// <param name="Share">Share of the whole, 0..1.</param>
public sealed record VoiceMeasures(double Seconds, double Share);
