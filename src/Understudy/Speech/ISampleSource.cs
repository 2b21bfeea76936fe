namespace WanTalk.Understudy.Speech;

/// <summary>A recording that is read in parts: mono, 16 kHz, full scale ±1.</summary>
public interface ISampleSource
{
    /// <summary>How many samples there are.</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="destination"/> with the samples from <paramref name="start"/> on, with zeros outside the recording.</summary>
    /// <param name="start">The first sample to read; may be negative or behind the end.</param>
    /// <param name="destination">Filled completely.</param>
    void Read(long start, Span<float> destination);
}
