namespace WanTalk.Understudy.Picture;

/// <summary>A place between two columns of the lower face.</summary>
/// <param name="Column">The column to the left of it.</param>
/// <param name="Part">How far it is on the way to the next column, 0..1.</param>
internal readonly record struct ColumnPlace(int Column, float Part)
{
    /// <summary>The value there of something that is known for each column.</summary>
    public float In(float[] line) => line[Column] + (Part * (line[Column + 1] - line[Column]));
}
