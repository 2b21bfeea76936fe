namespace WanTalk.Understudy.Picture;

/// <summary>What is seen at a place of the lower face.</summary>
/// <param name="X">Where it is in the portrait, across.</param>
/// <param name="Y">Where it is in the portrait, down.</param>
/// <param name="IsUpper">Whether it belongs to the face above the mouth.</param>
/// <param name="Upper">How far down the upper lip ends in this column of the frame.</param>
/// <param name="Lower">How far down the lower lip begins.</param>
internal readonly record struct WarpedPlace(float X, float Y, bool IsUpper, float Upper, float Lower);
