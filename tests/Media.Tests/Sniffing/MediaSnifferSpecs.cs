using System.Text;
using CsCheck;
using WanTalk.Core.Sniffing;
using WanTalk.Media.Sniffing;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Sniffing;

public sealed class MediaSnifferSpecs : IDisposable
{
    private static readonly string[] Words = ["Hello, wörld. ", "日本語のテキスト", "Привет\r\n", "{\"a\": 1}\t", "😀 "];
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("-frames:v 1 {0}", "a.png", MediaKind.Png)]
    [InlineData("-frames:v 1 {0}", "a.jpg", MediaKind.Jpeg)]
    [InlineData("-frames:v 1 {0}", "a.webp", MediaKind.Webp)]
    [InlineData("-frames:v 1 {0}", "a.gif", MediaKind.Gif)]
    [InlineData("-frames:v 1 {0}", "a.bmp", MediaKind.Bmp)]
    [InlineData("-frames:v 1 {0}", "a.tiff", MediaKind.Tiff)]
    [InlineData("-map 1:a {0}", "a.wav", MediaKind.Wav)]
    [InlineData("-map 1:a -f wav -rf64 always {0}", "64.wav", MediaKind.Wav)]
    [InlineData("-map 1:a {0}", "a.mp3", MediaKind.Mp3)]
    [InlineData("-map 1:a -id3v2_version 0 {0}", "bare.mp3", MediaKind.Mp3)]
    [InlineData("-map 1:a -ar 22050 -id3v2_version 0 -write_xing 0 {0}", "low.mp3", MediaKind.Mp3)]
    [InlineData("-map 1:a {0}", "a.flac", MediaKind.Flac)]
    [InlineData("-map 1:a {0}", "a.ogg", MediaKind.Ogg)]
    [InlineData("-map 1:a {0}", "a.opus", MediaKind.Ogg)]
    [InlineData("-map 1:a {0}", "a.m4a", MediaKind.Mp4)]
    [InlineData("{0}", "a.mov", MediaKind.Mp4)]
    [InlineData("{0}", "a.mkv", MediaKind.Matroska)]
    [InlineData("-map 1:a {0}", "a.webm", MediaKind.Matroska)]
    [InlineData("-map 1:a {0}", "a.aac", MediaKind.Aac)]
    [InlineData("-map 1:a {0}", "a.aiff", MediaKind.Aiff)]
    [InlineData("{0}", "a.avi", MediaKind.Avi)]
    public async Task What_ffmpeg_writes_is_recognised(string arguments, string name, MediaKind expected)
    {
        await Tools.FfmpegAsync("-f lavfi -i testsrc=s=32x32:d=0.2 -f lavfi -i sine=d=0.2 " + arguments, _folder[name]);
        var kind = await FileSniffer.SniffAsync(_folder[name], Tools.Token);
        Assert.Equal(expected, kind);
        Assert.Equal(name.EndsWith("mp3", StringComparison.Ordinal) || !MediaSniffer.IsPicture(expected), MediaSniffer.MayHoldSpeech(kind));
    }

    [Fact]
    public void Words_are_text_whatever_the_language_and_wherever_they_are_cut() =>
        Gen.Int[0, Words.Length - 1].Select(i => Words[i]).Array[1, 200].Select(string.Concat).Sample(text =>
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            var head = utf8.AsSpan(0, Math.Min(utf8.Length, MediaSniffer.BytesNeeded));
            Assert.Equal(MediaKind.Text, MediaSniffer.Sniff(head));
            Assert.Equal(MediaKind.Text, MediaSniffer.Sniff([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)]));
        });

    [Fact]
    public void Any_bytes_get_an_answer_and_more_bytes_do_not_change_it() =>
        Gen.Byte.Array[0, 1200].Sample(bytes =>
            Assert.Equal(MediaSniffer.Sniff(bytes), MediaSniffer.Sniff(bytes.AsSpan(0, Math.Min(bytes.Length, MediaSniffer.BytesNeeded)))));

    [Fact]
    public void A_zero_byte_is_never_text() =>
        Gen.Select(Gen.Char['a', 'z'].Array[1, 400], Gen.Int[0, 399]).Sample((letters, at) =>
        {
            var bytes = Encoding.ASCII.GetBytes(letters);
            bytes[at % bytes.Length] = 0;
            Assert.NotEqual(MediaKind.Text, MediaSniffer.Sniff(bytes));
        });

    [Fact]
    public void An_empty_file_is_unknown() => Assert.Equal(MediaKind.Unknown, MediaSniffer.Sniff([]));

    public void Dispose() => _folder.Dispose();
}
