using System.Numerics;

namespace WanTalk.Understudy.Picture;

/// <summary>Where the head is in one frame, against the portrait.</summary>
/// <param name="Shift">How far it is moved, in face heights.</param>
/// <param name="Turn">How far it is turned in the picture's plane, in radians, clockwise.</param>
/// <param name="Blink">How far the eyes are closed, 0..1.</param>
internal readonly record struct HeadPose(Vector2 Shift, float Turn, float Blink);
