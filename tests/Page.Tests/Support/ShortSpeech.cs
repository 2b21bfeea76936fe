using System.Buffers.Binary;

namespace WanTalk.Page.Tests.Support;

/// <summary>The sample speech, cut: talks that are made for something else than their length are short.</summary>
internal static class ShortSpeech
{
    private const int HeaderBytes = 44;

    /// <summary>Its first seconds, as WAV.</summary>
    public static byte[] Of(int seconds)
    {
        var whole = File.ReadAllBytes(Repository.Speech);
        var bytesPerSecond = BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(28));
        var cut = whole[..(HeaderBytes + (seconds * bytesPerSecond))];
        BinaryPrimitives.WriteInt32LittleEndian(cut.AsSpan(4), cut.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(cut.AsSpan(40), cut.Length - HeaderBytes);
        return cut;
    }

    /// <summary>As many seconds without any sound, as WAV.</summary>
    public static byte[] SilenceOf(int seconds)
    {
        var cut = Of(seconds);
        cut.AsSpan(HeaderBytes).Clear();
        return cut;
    }
}
