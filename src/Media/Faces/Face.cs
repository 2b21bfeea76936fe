using System.Numerics;

namespace WanTalk.Media.Faces;

/// <summary>A face that was found in a picture. Coordinates are pixels; the centre of the top left pixel is (0.5, 0.5).</summary>
/// <param name="Score">How sure the detector is, 0..1.</param>
/// <param name="Box">The face from forehead to chin; it may reach over the picture's edge.</param>
/// <param name="KeyPoints">Six points: the eye at the left of the picture, the eye at the right, nose tip, mouth, left ear, right ear.</param>
public sealed record Face(float Score, FaceBox Box, IReadOnlyList<Vector2> KeyPoints);
