namespace WanTalk.Media.Faces;

/// <summary>
/// Point numbers of the face mesh that follow a contour, from the left of the picture to its right. From MediaPipe's
/// <c>FACEMESH_LIPS</c>, <c>FACEMESH_LEFT_EYE</c>, <c>FACEMESH_RIGHT_EYE</c>, <c>FACEMESH_LEFT_EYEBROW</c>, <c>FACEMESH_RIGHT_EYEBROW</c> and <c>FACEMESH_FACE_OVAL</c>.
/// </summary>
public static class MeshContours
{
    /// <summary>The outer edge of the upper lip, corner to corner.</summary>
    public static ReadOnlySpan<int> UpperLipOuter => [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291];

    /// <summary>The edge of the upper lip towards the inside of the mouth.</summary>
    public static ReadOnlySpan<int> UpperLipInner => [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308];

    /// <summary>The edge of the lower lip towards the inside of the mouth.</summary>
    public static ReadOnlySpan<int> LowerLipInner => [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308];

    /// <summary>The outer edge of the lower lip, corner to corner.</summary>
    public static ReadOnlySpan<int> LowerLipOuter => [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291];

    /// <summary>The upper lid of the eye at the left of the picture, corner to corner.</summary>
    public static ReadOnlySpan<int> LeftEyeUpper => [33, 246, 161, 160, 159, 158, 157, 173, 133];

    /// <summary>The lower lid of the eye at the left of the picture, corner to corner.</summary>
    public static ReadOnlySpan<int> LeftEyeLower => [33, 7, 163, 144, 145, 153, 154, 155, 133];

    /// <summary>The upper lid of the eye at the right of the picture, corner to corner.</summary>
    public static ReadOnlySpan<int> RightEyeUpper => [362, 398, 384, 385, 386, 387, 388, 466, 263];

    /// <summary>The lower lid of the eye at the right of the picture, corner to corner.</summary>
    public static ReadOnlySpan<int> RightEyeLower => [362, 382, 381, 380, 374, 373, 390, 249, 263];

    /// <summary>The lower edge of the brow at the left of the picture.</summary>
    public static ReadOnlySpan<int> LeftBrow => [46, 53, 52, 65, 55];

    /// <summary>The lower edge of the brow at the right of the picture.</summary>
    public static ReadOnlySpan<int> RightBrow => [285, 295, 282, 283, 276];

    /// <summary>The jaw, from the left of the picture under the chin to the right.</summary>
    public static ReadOnlySpan<int> Jaw =>
        [93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323];

    /// <summary>The whole outline of the face, clockwise from the top of the forehead.</summary>
    public static ReadOnlySpan<int> Oval =>
    [
        10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
        152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
    ];
}
