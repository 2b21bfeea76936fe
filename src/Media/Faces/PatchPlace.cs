using System.Numerics;

namespace WanTalk.Media.Faces;

/// <summary>A square in a picture, perhaps turned.</summary>
/// <param name="Centre">Its middle, in pixels.</param>
/// <param name="Side">The length of a side, in pixels.</param>
/// <param name="Across">Unit vector along its rows.</param>
internal readonly record struct PatchPlace(Vector2 Centre, float Side, Vector2 Across)
{
    /// <summary>The place in the picture of a point of the patch, given in fractions of its side.</summary>
    public Vector2 ToPicture(Vector2 fraction)
    {
        var offset = (fraction - new Vector2(0.5f)) * Side;
        return Centre + (Across * offset.X) + (new Vector2(-Across.Y, Across.X) * offset.Y);
    }
}
