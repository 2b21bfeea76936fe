namespace WanTalk.Understudy.Picture;

/// <summary>What is seen at a place of the lower face.</summary>
/// <param name="X">Where it is in the portrait, across.</param>
/// <param name="UpperY">Where it is in the portrait, down, on the face above the mouth; not a number where that is not seen.</param>
/// <param name="LowerY">The same on the face below the mouth.</param>
/// <param name="Upper">How far down the upper lip ends in this column of the frame.</param>
/// <param name="Lower">How far down the lower lip begins.</param>
internal readonly record struct WarpedPlace(float X, float UpperY, float LowerY, float Upper, float Lower);
