using WanTalk.Understudy.Speech;

namespace WanTalk.Understudy.Picture;

/// <summary>What the mouth does in one frame.</summary>
/// <param name="Gap">The distance between the lips in the middle, in eye distances; 0 is closed.</param>
/// <param name="Corners">How far each corner moves outwards, in eye distances; negative is inwards.</param>
/// <param name="Rounding">How far the lips are pushed forward, 0..1.</param>
internal readonly record struct MouthShape(float Gap, float Corners, float Rounding)
{
    /// <summary>The widest gap, in eye distances: a loud open vowel.</summary>
    private const float WidestGap = 0.34f;

    /// <summary>The shape that makes a sound.</summary>
    /// <param name="features">As <see cref="SpeechFeatures"/> gives them.</param>
    public static MouthShape For(ReadOnlySpan<float> features)
    {
        var open = Math.Clamp(features[SpeechFeatures.Openness], 0, 1);
        // Soft sounds shape the mouth less than loud ones, and silence not at all.
        var presence = Smooth.Step(0, 0.25f, open);
        var width = presence * Math.Clamp(features[SpeechFeatures.Width], 0, 1);
        var rounding = presence * Math.Clamp(features[SpeechFeatures.Rounding], 0, 1);
        var teeth = presence * Math.Clamp(features[SpeechFeatures.Teeth], 0, 1);
        var gap = WidestGap * open * (1 - (0.5f * teeth)) * (1 - (0.3f * rounding));
        var corners = (0.05f * width) - (0.11f * rounding) - (0.05f * open);
        return new MouthShape(gap, corners, rounding);
    }
}
