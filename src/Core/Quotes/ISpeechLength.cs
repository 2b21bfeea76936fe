using WanTalk.Core.Errors;

namespace WanTalk.Core.Quotes;

/// <summary>Finds out how long a speech is, before a talk is made of it.</summary>
public interface ISpeechLength
{
    /// <summary>Measures a speech.</summary>
    /// <param name="speech">Its bytes, from the first one on; read as far as it needs to be.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <exception cref="TalkException">
    /// It is no speech of which a talk could be made, or <see cref="ErrorCode.SpeechLengthUnknown"/>: this host cannot tell its length.
    /// </exception>
    Task<SpeechExtent> MeasureAsync(Stream speech, CancellationToken cancellationToken);
}
