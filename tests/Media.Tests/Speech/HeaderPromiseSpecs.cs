using CsCheck;
using WanTalk.Media.Speech;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Speech;

public sealed class HeaderPromiseSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("-b:a 128k", 2.0)]
    [InlineData("-q:a 4 -ac 2", 2.0)]
    [InlineData("-q:a 4 -ar 22050", 2.0)]
    [InlineData("-b:a 16k -ar 11025", 2.0)]
    [InlineData("-q:a 4 -write_xing 0", null)]
    public async Task An_MP3_promises_what_its_Xing_header_says(string options, double? seconds)
    {
        await SpeechFiles.ToneAsync(_folder, "a.mp3", 2, options: options);
        await using var file = File.OpenRead(_folder["a.mp3"]);
        var promise = await HeaderPromise.OfMp3Async(file, Tools.Token);
        if (seconds is null)
            Assert.Null(promise);
        else
            Assert.InRange(promise!.Value, seconds.Value, seconds.Value + 0.25);
    }

    [Fact]
    public void A_VBRI_header_promises_too()
    {
        // MPEG 1, layer III, 44.1 kHz; the VBRI block stands 32 bytes behind the header, its frame count 14 bytes into it.
        var bytes = new byte[400];
        ((byte[])[0xFF, 0xFB, 0x90, 0x00]).CopyTo(bytes, 0);
        "VBRI"u8.CopyTo(bytes.AsSpan(36));
        bytes[36 + 17] = 100;
        Assert.Equal(100 * 1152 / 44_100.0, HeaderPromise.OfMp3(bytes));
    }

    [Fact]
    public Task Any_bytes_are_read_without_an_exception() =>
        Gen.Byte.Array[0, 600].SampleAsync(async bytes =>
        {
            HeaderPromise.OfMp3(bytes);
            using var id3 = new MemoryStream([.. "ID3"u8, .. bytes]);
            await HeaderPromise.OfMp3Async(id3, CancellationToken.None);
            using var riff = new MemoryStream([.. "RIFF....WAVEfmt "u8, .. bytes]);
            await HeaderPromise.OfWavAsync(riff, CancellationToken.None);
        });

    public void Dispose() => _folder.Dispose();
}
