using WanTalk.Core.Quotes;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Speech;

namespace WanTalk.Local.Hosting;

/// <summary>
/// Finds out how long a speech is by decoding it to its end, as prepare does, with the same refusals. Few at a time: the machine's runner
/// wants its share.
/// </summary>
internal sealed class DecodedSpeechLength : ISpeechLength, IDisposable
{
    private const int AtATime = 2;

    private readonly string _folder;
    private readonly SpeechNormaliser _speech = new(new FfmpegOptions());
    private readonly SemaphoreSlim _turns = new(AtATime);

    /// <summary>Opens the folder, and clears it of what a host left that died.</summary>
    /// <param name="folder">Where speeches are while they are measured.</param>
    public DecodedSpeechLength(string folder)
    {
        _folder = folder;
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
    }

    /// <inheritdoc/>
    public async Task<SpeechExtent> MeasureAsync(Stream speech, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(speech);
        await _turns.WaitAsync(cancellationToken);
        var file = Path.Combine(_folder, Guid.NewGuid().ToString("n"));
        try
        {
            await using (var content = File.Create(file))
            {
                // Its size was checked with its request.
                await speech.CopyToAsync(content, cancellationToken);
            }

            var measures = await _speech.MeasureAsync(file, cancellationToken);
            return new SpeechExtent(measures.Samples48k, measures.Silences);
        }
        finally
        {
            File.Delete(file);
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();
}
