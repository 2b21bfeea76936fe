namespace WanTalk.Understudy.Picture;

/// <summary>
/// Everything of a talking head that crosses from one frame to the next. A run that is cut anywhere and continued from a copy of this
/// gives the same bytes as one that was not cut.
/// </summary>
public sealed class MotionState
{
    /// <summary>Wraps a state without copying it.</summary>
    /// <param name="generator">32 bytes: xoshiro256**'s four words, little-endian.</param>
    /// <param name="values">As many numbers as <see cref="TalkingHead.Start"/> makes.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public MotionState(byte[] generator, float[] values)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNotEqual(generator.Length, Xoshiro256.Bytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, HeadMotion.Count);
        (Generator, Values) = (generator, values);
    }

    /// <summary>The random generator's state.</summary>
    public byte[] Generator { get; }

    /// <summary>Where the head is, where it is going, and how far a blink has come.</summary>
    public float[] Values { get; }

    /// <summary>A state that does not change with this one.</summary>
    public MotionState Copy() => new([.. Generator], [.. Values]);
}
